"use client";

import { setRevealPolicyAction } from "@/app/(console)/[workspace]/secrets/actions";
import { ActionDialog } from "@/components/ui/action-dialog";

type Props = { workspace: string; needsSecond: boolean; mayChange: boolean };

/** Whether a reveal needs a second person here, and the dialog that changes it. */
export function RevealPolicy({ workspace, needsSecond, mayChange }: Props) {
  const words = needsSecond ? "A reveal needs two people" : "A reveal needs one person";
  if (!mayChange) return <span className="text-meta text-ink-3">{words}</span>;
  return (
    <ActionDialog
      label={words}
      icon="users"
      title={needsSecond ? "Let one person reveal values?" : "Ask a second person for each reveal?"}
      action={setRevealPolicyAction}
      hidden={{ workspace, revealsNeedSecond: String(!needsSecond) }}
      submit={needsSecond ? "Let one person reveal" : "Ask a second person"}
      look={needsSecond ? "danger" : "primary"}
      said={() => (needsSecond ? "One person reveals from now on." : "A reveal needs a second person from now on.")}
    >
      {() =>
        needsSecond ? (
          <p>Who may reveal a secret then gives a reason and sees its values. Approvals that wait are not needed any more.</p>
        ) : (
          <>
            <p>
              Who wants to see the values of a shared secret then asks with a reason, and somebody else who may reveal it approves. The approval holds once, for
              15 minutes.
            </p>
            <p className="text-ink-3">
              Runs and the owner’s client read as before. Private secrets have nobody else to ask. Only a System Admin switches it off again.
            </p>
          </>
        )
      }
    </ActionDialog>
  );
}
