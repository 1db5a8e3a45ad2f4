"use client";

import { takeOverAction } from "@/app/(console)/[workspace]/secrets/actions";
import { ActionDialog } from "@/components/ui/action-dialog";

/** What somebody changed in the outside store itself becomes a new version. */
export function TakeOver({ workspace, id, version }: { workspace: string; id: string; version: number }) {
  return (
    <ActionDialog
      label="Take over…"
      title="Take over what was changed in the store"
      action={takeOverAction}
      hidden={{ workspace, id }}
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
