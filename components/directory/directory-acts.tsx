"use client";

import { useState } from "react";
import { rotateTokenAction, updateDirectoryAction } from "@/app/(console)/settings/directory/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { TextField } from "@/components/ui/field";
import { SelectField } from "@/components/ui/select-field";
import { ShownOnce } from "@/components/ui/shown-once";
import type { DirectorySummary } from "@/lib/directories/schema";
import { PROVIDER_CHOICES } from "./connect";

/** A new token, and what the directory is called, when it is silent, whether it is on. */
export function DirectoryActs({ directory }: { directory: DirectorySummary }) {
  const [token, setToken] = useState<string>();
  return (
    <>
      <ActionDialog
        label="Rotate token…"
        icon="rotate-cw"
        title={`A new token of ${directory.name}`}
        action={rotateTokenAction}
        hidden={{ directoryId: directory.id }}
        submit="Make a new token"
        onDone={(made) => setToken(made.token)}
      >
        {(errorOf) => (
          <SelectField
            id="overlapHours"
            label="Until when the old one works too"
            choices={[
              { value: "0", label: "It ends at once" },
              { value: "1", label: "One hour" },
              { value: "24", label: "One day" },
              { value: "168", label: "One week" },
            ]}
            help="Choose at once when somebody may have seen it."
            error={errorOf("overlapHours")}
          />
        )}
      </ActionDialog>
      <ActionDialog
        label="Change…"
        title={`Change ${directory.name}`}
        action={updateDirectoryAction}
        hidden={{ directoryId: directory.id }}
        submit="Save"
        said={() => `${directory.name} is saved.`}
      >
        {(errorOf) => (
          <>
            <TextField id="name" label="Name" maxLength={100} defaultValue={directory.name} error={errorOf("name")} />
            <SelectField id="provider" label="It is" choices={PROVIDER_CHOICES} defaultValue={directory.provider} error={errorOf("provider")} />
            <TextField
              id="silentAfterHours"
              label="Call it silent after (hours)"
              inputMode="numeric"
              defaultValue={String(directory.silentAfterHours)}
              error={errorOf("silentAfterHours")}
            />
            <TextField
              id="holdPercent"
              label="Hold removals above (per cent of its people, within an hour)"
              inputMode="numeric"
              defaultValue={String(directory.holdPercent)}
              help="Five people are never too many; 100 holds nothing."
              error={errorOf("holdPercent")}
            />
            <label className="flex min-h-8 items-center gap-2.5 text-ink">
              <input type="checkbox" name="active" className="size-4 accent-ink" defaultChecked={directory.state !== "off"} />
              The directory is on
            </label>
            <p className="text-meta text-ink-3">While it is off its requests are refused, and people, groups and roles stay as they are.</p>
          </>
        )}
      </ActionDialog>
      {token && (
        <ShownOnce
          title={`The new token of ${directory.name}`}
          label="token"
          value={token}
          note="Paste it into the directory."
          onStored={() => setToken(undefined)}
        />
      )}
    </>
  );
}
