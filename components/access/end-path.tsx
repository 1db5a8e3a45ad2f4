"use client";

import { endGrantAction } from "@/app/(console)/access/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { TextField } from "@/components/ui/field";

/** Ends one path to a place: the grant. */
export function EndPath({ grantId, who, workspace }: { grantId: string; who: string; workspace: string | null }) {
  return (
    <ActionDialog
      label="End…"
      buttonLook="ghost"
      title={`End this grant of ${who}`}
      action={endGrantAction}
      hidden={{ grantId, ...(workspace ? { workspace } : {}) }}
      submit="End the grant"
      look="danger"
      said={({ subject }) => `Ended for ${subject}.`}
    >
      {() => (
        <>
          <p>All that the role gives there ends on the next request, not only what was asked about.</p>
          <TextField id="end-path-reason" name="reason" label="Reason" optional maxLength={500} help="Stands in the audit trail." />
        </>
      )}
    </ActionDialog>
  );
}
