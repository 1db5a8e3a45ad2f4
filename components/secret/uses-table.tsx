"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { credentialWords } from "@/components/audit/credential-words";
import { filterOf } from "@/components/project/paths";
import type { TableProps } from "@/components/stack/stacks-table";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import { Icon } from "@/components/ui/icon";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import { PURPOSES, type SecretUseRow } from "@/lib/secrets/row-schema";
import { ROWS_PER_PAGE, USE_LIST } from "./lists";

const purposeWords = (purpose: string) => PURPOSES.find((one) => one.value === purpose)?.label ?? purpose;

/** Each reading of a secret's values. `auditPath` leads to its entry, null for who reads no audit trail. */
export function UsesTable({ auditPath, ...table }: Omit<TableProps<SecretUseRow>, "base"> & { auditPath: string | null; barEnd: ReactNode }) {
  const entryPath = (row: SecretUseRow) => auditPath && `${auditPath}?f=${encodeURIComponent(filterOf("request", "is", row.requestId))}`;
  const columns: DataColumn<SecretUseRow>[] = [
    { id: "at", label: "Time", width: 116, sortKey: "at", startsDescending: true, cell: (row) => <Time at={row.at} /> },
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
      id: "request",
      label: "Request",
      width: 284,
      cell: (row) => {
        const href = entryPath(row);
        return href ? (
          <Link className="link font-mono text-mono" href={href} title="Its entry in the audit trail">
            {row.requestId}
          </Link>
        ) : (
          <code>{row.requestId}</code>
        );
      },
    },
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "use", many: "uses" }}
      columns={columns}
      definition={USE_LIST}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => entryPath(row) ?? table.path}
      phoneRow={(row) => (
        <>
          <Icon name={row.purpose === "reveal" ? "eye" : "terminal"} size={18} className="text-ink-3" />
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
