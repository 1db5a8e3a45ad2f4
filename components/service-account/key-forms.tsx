"use client";

import { useState } from "react";
import { createApiKey, rotateApiKey } from "@/app/(console)/settings/service-accounts/actions";
import { describedBy, Field, Select, TextField } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import type { KeyRow } from "@/lib/service-accounts/schema";
import { ScopeChoice } from "./scope-choice";

export type Made = { id: string; name: string; account: string; value: string; expiresAt: string | null };
type Common = { hidden: Record<string, string>; open: boolean; onClose: () => void; onDone: (made: Made) => void };

const DAY_MS = 86_400_000;
const LIVES = [
  { days: 30, label: "30 days" },
  { days: 90, label: "90 days" },
  { days: 365, label: "A year" },
  { days: 0, label: "No end" },
];

/** Makes a key: name, what it may do, until when. */
export function NewKeyDialog({ hidden, ...dialog }: Common) {
  const [days, setDays] = useState(90);
  const [at] = useState(() => Date.now());
  const expiresAt = days === 0 ? "" : new Date(at + days * DAY_MS).toISOString();
  return (
    <FormDialog {...dialog} title="New API key" action={createApiKey} hidden={{ ...hidden, expiresAt }} submit="Create API key">
      {(errorOf) => (
        <>
          <TextField id="name" label="Name" autoComplete="off" maxLength={100} help="Where it will lie, such as github-actions." error={errorOf("name")} />
          <TextField id="description" label="Description" optional maxLength={1000} error={errorOf("description")} />
          <Field
            id="life"
            label="Ends after"
            help={days === 0 ? "A key without an end is found by nobody who looks for it." : undefined}
            error={errorOf("expiresAt")}
          >
            <Select id="life" value={days} onChange={(event) => setDays(Number(event.target.value))} {...describedBy("life", days === 0, errorOf("expiresAt"))}>
              {LIVES.map((life) => (
                <option key={life.days} value={life.days}>
                  {life.label}
                </option>
              ))}
            </Select>
          </Field>
          <ScopeChoice error={errorOf("scopes")} />
        </>
      )}
    </FormDialog>
  );
}

const RETENTIONS = [
  { minutes: 0, label: "End the old value now" },
  { minutes: 60, label: "Keep the old value for 1 hour" },
  { minutes: 1_440, label: "Keep the old value for 24 hours" },
  { minutes: 10_080, label: "Keep the old value for 7 days" },
];

/** Gives a key a new value; the old one ends at once or after a time in which its use is shown. */
export function RotateDialog({ row, hidden, ...dialog }: Common & { row: KeyRow }) {
  const [minutes, setMinutes] = useState(1_440);
  return (
    <FormDialog
      {...dialog}
      title={`Rotate ${row.name}`}
      action={rotateApiKey}
      hidden={{ ...hidden, key: row.id }}
      submit="Rotate key"
      look={minutes === 0 ? "danger" : "primary"}
    >
      {(errorOf) => (
        <>
          <p>The key gets a new value, shown once. Its name, scopes and end stay.</p>
          <Field
            id="retainMinutes"
            label="The old value"
            help={
              minutes === 0
                ? "Every client that has it is refused from its next request on."
                : "Both values work until then. This page shows who still uses the old one."
            }
            error={errorOf("retainMinutes")}
          >
            <Select
              id="retainMinutes"
              name="retainMinutes"
              value={minutes}
              onChange={(event) => setMinutes(Number(event.target.value))}
              {...describedBy("retainMinutes", true, errorOf("retainMinutes"))}
            >
              {RETENTIONS.map((choice) => (
                <option key={choice.minutes} value={choice.minutes}>
                  {choice.label}
                </option>
              ))}
            </Select>
          </Field>
          {row.overlap && <p className="text-warn">An older value still works; rotating again ends it now.</p>}
        </>
      )}
    </FormDialog>
  );
}
