"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { ButtonLink } from "@/components/ui/button";
import { DescriptionField } from "@/components/ui/description-field";
import { Field, Select, TextField } from "@/components/ui/field";
import { ActionForm, type FormAction } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import type { KindForm } from "@/lib/secrets/kind-schema";
import { ExpiryField, useExpiry } from "./expiry-field";
import { KindFields, type KindValues, missingFields, typedPairs } from "./kind-fields";
import { emptyRow, KeyRows, pairsOf, rowProblems, withPairs } from "./key-rows";
import { PasteBox } from "./paste-box";
import { TryValues } from "./try-values";

type Props = {
  action: FormAction<string>;
  /** What is sent beside the name, the kind, the values and the day. */
  hidden: Record<string, string>;
  kinds: KindForm[];
  /** The list that it will stand in. */
  path: string;
  /** Where values can be tried before they are saved; left out where they can't. */
  triesIn?: Record<string, string>;
  /** Who may know of it, or use it. */
  children: (errorOf: (field: string) => string | undefined) => ReactNode;
};

/** The form of a new secret of any kind. Values go into the request and nowhere else in the page. */
export function SecretForm({ action, hidden, kinds, path, triesIn, children }: Props) {
  const router = useRouter();
  const toast = useToast();
  const [name, setName] = useState("");
  const [kindName, setKindName] = useState("generic");
  const [typed, setTyped] = useState<KindValues>({});
  const [rows, setRows] = useState([emptyRow(1)]);
  const expiry = useExpiry();
  const form = kinds.find((one) => one.kind === kindName);
  const pairs = form ? typedPairs(form, typed) : pairsOf(rows);
  const missingValues = form
    ? missingFields(form, typed)
    : { ...(pairs.length === 0 ? { [`key-${rows[0]?.id ?? 1}`]: "A secret has at least one key." } : {}), ...rowProblems(rows) };
  const missing = { ...(name.trim() === "" ? { name: "A name is needed." } : {}), ...missingValues };
  const values = JSON.stringify(Object.fromEntries(pairs));
  return (
    <div className="max-w-[640px]">
      <ActionForm
        action={action}
        hidden={{ ...hidden, kind: kindName, values, expiresAt: expiry.at }}
        submit="Create secret"
        missing={missing}
        onDone={(id) => {
          toast(`Created the secret ${name.trim()}.`);
          router.push(`${path}/${id}`);
          router.refresh();
        }}
        foot={(submit) => (
          <div className="flex flex-wrap items-center gap-2 border-t border-rule pt-3">
            {submit}
            {form?.isTestable && triesIn && (
              <TryValues key={kindName} fields={{ ...triesIn, kind: kindName, values }} isReady={Object.keys(missingValues).length === 0} isLarge />
            )}
            <ButtonLink href={path} look="ghost" size="lg">
              Cancel
            </ButtonLink>
          </div>
        )}
      >
        {(errorOf) => (
          <>
            <Field id="kind" label="Kind" help={form ? undefined : "Keys and values of your own."}>
              <Select
                id="kind"
                value={kindName}
                onChange={(event) => {
                  setKindName(event.target.value);
                  setTyped({}); // a key of one service is never sent to another
                }}
              >
                <option value="generic">Generic</option>
                {[...new Set(kinds.map((one) => one.group))].map((group) => (
                  <optgroup key={group} label={group}>
                    {kinds
                      .filter((one) => one.group === group)
                      .map((one) => (
                        <option key={one.kind} value={one.kind}>
                          {one.title}
                        </option>
                      ))}
                  </optgroup>
                ))}
              </Select>
            </Field>
            <TextField
              id="name"
              label="Name"
              value={name}
              onChange={(event) => setName(event.target.value)}
              help="Clients refer to a key as {{name.key}}."
              maxLength={255}
              autoComplete="off"
              spellCheck={false}
              error={errorOf("name")}
            />
            <DescriptionField help="What it opens, and where a new one comes from." error={errorOf("description")} />
            {children(errorOf)}
            {form ? (
              <KindFields key={kindName} form={form} values={typed} onChange={setTyped} errorOf={errorOf} />
            ) : (
              <fieldset className="flex flex-col gap-3">
                <legend className="mb-1 text-body font-medium text-ink">Keys and values</legend>
                <KeyRows rows={rows} onChange={setRows} errorOf={errorOf} />
                <PasteBox onPairs={(found) => setRows((was) => withPairs(was, found))} />
              </fieldset>
            )}
            {errorOf("values") && <p className="text-meta text-fail">{errorOf("values")}</p>}
            <ExpiryField {...expiry.field} help="A reminder in the list. The value works until its own system ends it." error={errorOf("expiresAt")} />
          </>
        )}
      </ActionForm>
    </div>
  );
}
