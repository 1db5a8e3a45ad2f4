"use client";

import { endGrantAction, endOwnShareAction } from "@/app/(console)/access/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { TextField } from "@/components/ui/field";

type Props = {
  workspace: string;
  grantId: string;
  who: string;
  role: string;
  thing: { type: string; name: string } /** The thing's owner ends it, who gives no roles. */;
  isOwners: boolean;
};

/** Ends a direct share. */
export function EndShare({ workspace, grantId, who, role, thing, isOwners }: Props) {
  return (
    <ActionDialog
      label="Stop sharing…"
      buttonLook="ghost"
      title={`Stop sharing ${thing.name} with ${who}`}
      action={isOwners ? endOwnShareAction : endGrantAction}
      hidden={{ grantId, workspace }}
      submit="Stop sharing"
      look="danger"
      said={({ subject }) => `No longer shared with ${subject}.`}
    >
      {() => (
        <>
          <p>
            What {role} gives {who} on this {thing.type} ends on the next request. What they reach by other roles stays.
          </p>
          <TextField id="end-share-reason" name="reason" label="Reason" optional maxLength={500} help="Stands in the audit trail." />
        </>
      )}
    </ActionDialog>
  );
}
