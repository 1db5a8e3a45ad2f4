"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { revokeOne } from "@/app/(console)/[workspace]/connectors/actions";
import { Button } from "@/components/ui/button";
import { DangerDialog } from "@/components/ui/form-dialog";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";
import type { IssueRow } from "@/lib/connectors/schema";

type Props = { workspace: string; connector: { id: string; name: string }; row: IssueRow; others: number };

/** Ends a credential at the other side: what ends with it and what stays is said first, then the connector's name is typed. */
export function RevokeCredential({ workspace, connector, row, others }: Props) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const whose = row.who?.name ?? "its holder";
  return (
    <>
      <Button look="danger" aria-label={`Revoke the credential of ${whose}`} onClick={() => setOpen(true)}>
        Revoke…
      </Button>
      <DangerDialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={`Revoke a credential of ${whose}`}
        name={connector.name}
        action={revokeOne}
        hidden={{ workspace, id: connector.id, issueId: row.id }}
        submit="Revoke it"
        onDone={(count) => {
          setOpen(false);
          toast(count === 1 ? "Revoked the credential." : `Revoked ${countWords(count)} credentials.`);
          router.refresh();
        }}
      >
        <p>
          <b>Ends:</b> the credential for <code className="break-all">{row.resourceId ?? row.resourceType}</code> that was issued <Time at={row.at} />
          {others > 0 && `, and ${countWords(others)} more of the same asker, which the other side can’t tell apart`}. What uses it is refused within moments.
        </p>
        <p>
          <b>Stays:</b> the right to ask for another. To keep {whose} out, end the run or take the right away first.
        </p>
      </DangerDialog>
    </>
  );
}
