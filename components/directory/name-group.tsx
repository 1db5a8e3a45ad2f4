"use client";

import { nameGroupAction } from "@/app/(console)/settings/directory/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { TextField } from "@/components/ui/field";

/** For rules that are made before anybody of the group signed in. */
export function NameGroup({ directoryId }: { directoryId: string }) {
  return (
    <ActionDialog
      label="Name a group…"
      icon="plus"
      title="Name a group"
      action={nameGroupAction}
      hidden={{ directoryId }}
      submit="Name it"
      said={(made) => `${made.name} can be chosen.`}
    >
      {(errorOf) => (
        <TextField
          id="name"
          label="Group"
          autoComplete="off"
          spellCheck={false}
          help="Exactly as the identity provider sends it: a name, or with Entra ID the group's object id. Groups that a sign-in brings appear by themselves."
          error={errorOf("name")}
        />
      )}
    </ActionDialog>
  );
}
