"use client";

import { revokeOne } from "@/app/(console)/[workspace]/connectors/actions";
import { DangerAction } from "@/components/ui/action-dialog";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import type { IssueRow } from "@/lib/connectors/schema";

type Props = { workspace: string; connector: { id: string; name: string }; row: IssueRow; others: number };

/** Ends a credential at the other side: what ends with it and what stays is said first, then the connector's name is typed. */
export function RevokeCredential({ workspace, connector, row, others }: Props) {
  const whose = row.who?.name ?? "its holder";
  return (
    <DangerAction
      label="Revoke…"
      accessibleLabel={`Revoke the credential of ${whose}`}
      title={`Revoke a credential of ${whose}`}
      name={connector.name}
      action={revokeOne}
      hidden={{ workspace, id: connector.id, issueId: row.id }}
      submit="Revoke it"
      said={(count) => (count === 1 ? "Revoked the credential." : `Revoked ${counted(count, "credential")}.`)}
    >
      <p>
        <b>Ends:</b> the credential for <code className="break-all">{row.resourceId ?? row.resourceType}</code> that was issued <Time at={row.at} />
        {others > 0 && `, and ${countWords(others)} more of the same asker, which the other side can’t tell apart`}. What uses it is refused within moments.
      </p>
      <p>
        <b>Stays:</b> the right to ask for another. To keep {whose} out, end the run or take the right away first.
      </p>
    </DangerAction>
  );
}
