"use client";

import { revokeInvitationAction } from "@/app/(console)/access/actions";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { timeColumn } from "@/components/table/usual-columns";
import { ActionDialog } from "@/components/ui/action-dialog";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import type { InvitationRow } from "@/lib/members/invitation-schema";
import { type Choice, roleTitle } from "./grant-list";
import { scopeWords } from "./grant-words";
import { ResendInvitation } from "./invite";
import { invitationList, PER_PAGE } from "./request-list";

function InvitationActions({ row }: { row: InvitationRow }) {
  if (row.state !== "open" && row.state !== "expired") return null;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps clicks and keys of the dialogs away from the row and its table
    <span className="inline-flex gap-1" onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
      <ResendInvitation id={row.id} email={row.email} workspace={row.workspace} />
      <ActionDialog
        label="Revoke…"
        buttonLook="ghost"
        title={`Revoke the invitation for ${row.email}`}
        action={revokeInvitationAction}
        hidden={{ invitationId: row.id, ...(row.workspace ? { workspace: row.workspace } : {}) }}
        submit="Revoke it"
        look="danger"
        said={({ email }) => `Revoked the invitation for ${email}.`}
      >
        {() => <p>Its link opens nothing from then on. The person can be invited again.</p>}
      </ActionDialog>
    </span>
  );
}

const columns = (canManage: boolean): DataColumn<InvitationRow>[] => [
  {
    id: "email",
    label: "E-mail address",
    minWidth: 200,
    sortKey: "email",
    cell: (row) => (
      <>
        <span className="font-medium text-ink" title={row.email}>
          {row.email}
        </span>{" "}
        <span className="text-ink-3">{row.fullName}</span>
      </>
    ),
  },
  { id: "role", label: "Role", width: 164, cell: (row) => roleTitle(row.role) },
  { id: "scope", label: "Where", width: 140, cell: (row) => scopeWords(row) },
  { id: "by", label: "Invited by", width: 140, cell: (row) => row.invitedBy ?? "–" },
  timeColumn({ id: "created", label: "Made", width: 96, at: (row) => row.createdAt }),
  { id: "expires", label: "Expires", width: 96, sortKey: "expires", cell: (row) => <Time at={row.expiresAt} /> },
  { id: "state", label: "State", width: 108, cell: (row) => <Status state={row.state === "open" ? "open_request" : row.state} /> },
  { id: "actions", label: "Actions", width: 184, cell: (row) => (canManage ? <InvitationActions row={row} /> : null) },
];

type Props = ListProps<InvitationRow> & {
  ownRoles: Choice[];
  canManage: boolean;
};

/** Invitations and what became of them. */
export function InvitationsTable({ ownRoles, canManage, ...props }: Props) {
  return (
    <DataTable
      {...props}
      noun={{ one: "invitation", many: "invitations" }}
      columns={columns(canManage)}
      definition={invitationList(ownRoles)}
      pageSize={PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={() => props.path}
      phoneActs={(row) => (canManage ? <InvitationActions row={row} /> : null)}
      phoneRow={(row) => (
        <>
          <Status state={row.state === "open" ? "open_request" : row.state} iconOnly size={18} />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.email}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {roleTitle(row.role)}, {scopeWords(row)}
            </span>
          </span>
          <span className="text-right text-meta text-ink-3">
            {row.state === "open" ? "until" : <Status state={row.state} />} <Time at={row.expiresAt} />
          </span>
        </>
      )}
    />
  );
}
