"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { createDirectoryAction } from "@/app/(console)/settings/directory/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { TextField } from "@/components/ui/field";
import { SelectField } from "@/components/ui/select-field";
import { ShownOnce } from "@/components/ui/shown-once";
import { PROVIDERS } from "@/lib/directories/schema";
import { directoryPath } from "./lists";

export const PROVIDER_CHOICES = Object.entries(PROVIDERS).map(([value, label]) => ({ value, label }));

/** Makes a directory and shows its token, once. */
export function ConnectDirectory() {
  const router = useRouter();
  const [made, setMade] = useState<{ id: string; name: string; token: string }>();
  return (
    <>
      <ActionDialog
        label="Connect a directory…"
        icon="plus"
        buttonLook="primary"
        title="Connect a directory"
        action={createDirectoryAction}
        submit="Make endpoint and token"
        onDone={setMade}
      >
        {(errorOf) => (
          <>
            <TextField
              id="name"
              label="Name"
              maxLength={100}
              autoComplete="off"
              help="As people call it. Its changes stand in the audit trail under it."
              error={errorOf("name")}
            />
            <TextField
              id="slug"
              label="Name in the address"
              maxLength={63}
              autoComplete="off"
              help="Small letters, digits and hyphens, such as okta. It can't be changed later."
              error={errorOf("slug")}
            />
            <SelectField id="provider" label="It is" choices={PROVIDER_CHOICES} error={errorOf("provider")} />
            <TextField
              id="silentAfterHours"
              label="Call it silent after (hours)"
              inputMode="numeric"
              defaultValue="48"
              help="Entra asks about every 40 minutes; Okta only when something changes."
              error={errorOf("silentAfterHours")}
            />
            <TextField
              id="holdPercent"
              label="Hold removals above (per cent of its people, within an hour)"
              inputMode="numeric"
              defaultValue="20"
              help="What it takes away above that waits for a System Admin. Five people are never too many; 100 holds nothing."
              error={errorOf("holdPercent")}
            />
          </>
        )}
      </ActionDialog>
      {made && (
        <ShownOnce
          title={`${made.name} is made`}
          label="token"
          value={made.token}
          note="Paste it into the directory. Its page shows the endpoint's address and the names of the fields there."
          onStored={() => router.push(directoryPath(made.id))}
        />
      )}
    </>
  );
}
