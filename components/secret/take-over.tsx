"use client";

import { ActionDialog } from "@/components/ui/action-dialog";
import type { FormAction } from "@/components/ui/form-dialog";

type Props = { action: FormAction<{ id: string; version: number }>; fields: Record<string, string>; version: number };

/** What somebody changed in the outside store itself becomes a new version. */
export function TakeOver({ action, fields, version }: Props) {
  return (
    <ActionDialog
      label="Take over…"
      title="Take over what was changed in the store"
      action={action}
      hidden={fields}
      submit="Take over as a new version"
      said={(made) => `What lies in the store is version ${made.version} now.`}
    >
      {() => (
        <p>
          If the values of version {version} were changed in the store itself, nobody gets them until somebody says that they hold. Reeve reads what lies there
          and writes it as version {version + 1}, which clients and runs get from now on. Version {version} stays recorded.
        </p>
      )}
    </ActionDialog>
  );
}
