"use client";

import { decideRevealAction, withdrawRevealAction } from "@/app/(console)/[workspace]/secrets/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { describedBy, Field, Textarea, TextField } from "@/components/ui/field";
import { APPROVAL_MINUTES, type RevealRow } from "@/lib/secrets/reveal-schema";

/** Decide, for those who may; withdraw, for who asked. */
export function RevealActs({ row }: { row: RevealRow }) {
  const hidden = { requestId: row.id, workspace: row.workspace };
  if (row.isMine && row.state === "open")
    return (
      <ActionDialog
        label="Withdraw…"
        buttonLook="ghost"
        title={`Withdraw: reveal ${row.secret}`}
        action={withdrawRevealAction}
        hidden={hidden}
        submit="Withdraw the request"
        said={() => "Withdrawn."}
      >
        {() => <p>Nobody decides it then. You can ask again.</p>}
      </ActionDialog>
    );
  if (!row.mayDecide) return null;
  return (
    <span className="inline-flex flex-wrap gap-1">
      <ActionDialog
        label="Approve…"
        title={`Let ${row.who} see ${row.secret}`}
        action={decideRevealAction}
        hidden={{ ...hidden, decision: "approve" }}
        submit="Approve it"
        said={() => `${row.who} may look once, within ${APPROVAL_MINUTES} minutes.`}
      >
        {(errorOf) => (
          <>
            <p>“{row.reason}”</p>
            <p className="text-ink-3">
              {row.who} may then see the values once, within {APPROVAL_MINUTES} minutes. That you approved it is an entry of the trail.
            </p>
            <TextField id="approve-comment" name="comment" label="Comment" optional maxLength={500} error={errorOf("comment")} />
          </>
        )}
      </ActionDialog>
      <ActionDialog
        label="Decline…"
        buttonLook="ghost"
        title={`Decline: ${row.who} and ${row.secret}`}
        action={decideRevealAction}
        hidden={{ ...hidden, decision: "decline" }}
        submit="Decline it"
        look="danger"
        said={() => "Declined."}
      >
        {(errorOf) => (
          <Field id="decline-comment" label="Why" help={`${row.who} reads it.`} error={errorOf("comment")}>
            <Textarea id="decline-comment" name="comment" maxLength={500} {...describedBy("decline-comment", true, errorOf("comment"))} />
          </Field>
        )}
      </ActionDialog>
    </span>
  );
}
