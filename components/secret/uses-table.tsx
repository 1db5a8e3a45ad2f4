"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { credentialWords } from "@/components/audit/credential-words";
import { RequestLink, requestPath } from "@/components/audit/request-link";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { Icon } from "@/components/ui/icon";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import { PURPOSES, type SecretUseRow } from "@/lib/secrets/row-schema";
import { ORGANIZATION_USE_LIST, ROWS_PER_PAGE, USE_LIST } from "./lists";

const purposeWords = (purpose: string) => PURPOSES.find((one) => one.value === purpose)?.label ?? purpose;

const auditOf = (row: SecretUseRow, readsAudit: boolean) => (readsAudit ? `/${row.workspace}/audit` : null);

/** Each reading of a secret's values. `readsAudit`: whether the reader may look up its entry; `ofOrganization`: of one that several workspaces use. */
export function UsesTable({
  readsAudit,
  ofOrganization = false,
  ...table
}: ListProps<SecretUseRow> & { readsAudit: boolean; ofOrganization?: boolean; barEnd: ReactNode }) {
  const columns: DataColumn<SecretUseRow>[] = [
    timeColumn({ id: "at", label: "Time", width: 116, at: (row) => row.at }),
    {
      id: "run",
      label: "Run",
      width: 180,
      cell: (row) =>
        row.run ? (
          <Link
            className="link"
            href={`/${row.workspace}/projects/${encodeURIComponent(row.run.project)}/runs/${row.run.id}?tab=credentials`}
            title={row.run.name}
          >
            № {row.run.number} {row.run.name}
          </Link>
        ) : (
          NONE
        ),
    },
    ...(ofOrganization
      ? [
          {
            id: "workspace",
            label: "Workspace",
            width: 148,
            cell: (row: SecretUseRow) => (
              <Link className="link" href={`/${row.workspace}`}>
                {row.workspace}
              </Link>
            ),
          },
        ]
      : []),
    { id: "step", label: "Step", width: 120, cell: (row) => row.step ?? NONE },
    { id: "who", label: "Who", width: 192, sortKey: "who", cell: (row) => <WhoChip person={row.who} /> },
    { id: "credential", label: "Credential", width: 148, cell: (row) => credentialWords({ credentialKind: row.credential, credentialLabel: null }) },
    { id: "purpose", label: "Purpose", width: 132, sortKey: "purpose", cell: (row) => purposeWords(row.purpose) },
    {
      id: "reason",
      label: "Reason",
      minWidth: 200,
      cell: (row) => (row.reason ? <span title={row.reason}>{row.reason}</span> : <span className="text-ink-3">–</span>),
    },
    { id: "version", label: "Version", width: 76, sortKey: "version", startsDescending: true, cell: (row) => `v${row.version}` },
    {
      id: "held",
      label: "Held until",
      width: 116,
      cell: (row) => (row.heldUntil ? <Time at={row.heldUntil} /> : row.run ? "run goes on" : NONE),
    },
    { id: "exactness", label: "How known", width: 92, cell: (row) => row.exactness ?? NONE },
    {
      id: "entry",
      label: "Entry",
      width: 76,
      align: "right",
      cell: (row) => {
        const href = requestPath(auditOf(row, readsAudit), row.requestId);
        if (row.entry === null) return NONE;
        return href ? (
          <Link className="link font-mono text-mono" href={href} title="Its entry in the audit trail">
            {countWords(row.entry)}
          </Link>
        ) : (
          countWords(row.entry)
        );
      },
    },
    {
      id: "request",
      label: "Request",
      width: 284,
      cell: (row) => <RequestLink auditPath={auditOf(row, readsAudit)} requestId={row.requestId} title="All entries of this request" />,
    },
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "use", many: "uses" }}
      columns={columns}
      definition={ofOrganization ? ORGANIZATION_USE_LIST : USE_LIST}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => requestPath(auditOf(row, readsAudit), row.requestId) ?? table.path}
      phoneRow={(row) => (
        <>
          <Icon name={row.purpose === "reveal" ? "eye" : row.purpose === "run" ? "circle-play" : "terminal"} size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.who?.name}</b>
            <span className="block text-meta leading-5 text-ink-3">
              {purposeWords(row.purpose)}, v{row.version}
              {row.reason && `: ${row.reason}`}
            </span>
          </span>
          <span className="text-meta text-ink-3">
            <Time at={row.at} />
          </span>
        </>
      )}
    />
  );
}
