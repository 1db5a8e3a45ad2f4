"use client";

import Link from "next/link";
import type { ReactNode } from "react";
import { credentialWords } from "@/components/audit/credential-words";
import { RequestLink, requestPath } from "@/components/audit/request-link";
import { projectPath } from "@/components/project/paths";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { Icon } from "@/components/ui/icon";
import { Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import { ISSUE_PURPOSES, type IssueRow, REACH_WORDS } from "@/lib/connectors/schema";
import { ISSUE_LIST, ROWS_PER_PAGE } from "./lists";
import { Outcome } from "./outcome";
import { lifeWords } from "./type-words";

const purposeWords = (purpose: string) => ISSUE_PURPOSES.find((one) => one.value === purpose)?.label ?? purpose;

/** Its end, and why it is sooner than was asked. */
function Until({ row }: { row: IssueRow }) {
  if (!row.expiresAt) return row.outcome === "issued" ? "no end" : NONE;
  const why = row.peerLimitSeconds
    ? `The other side allows ${lifeWords(row.peerLimitSeconds)} at most.`
    : row.isCapped
      ? "Shorter than was asked: the connector or the cloud has a limit."
      : undefined;
  return (
    <span title={why}>
      <Time at={row.expiresAt} />
      {why && <span className="text-ink-3"> shortened</span>}
    </span>
  );
}

/** The run that a credential was for; inferred ones say so. */
export function IssueRun({ run, workspace }: { run: IssueRow["run"]; workspace: string }) {
  if (!run) return NONE;
  return (
    <span className="whitespace-nowrap">
      <Link className="link" href={`${projectPath(workspace, run.project)}/runs/${run.id}`}>
        № {run.number}
      </Link>
      {!run.isExact && (
        <span className="ml-1 text-meta text-ink-3" title="The client that asked posted this run: it had no token of the run itself.">
          inferred
        </span>
      )}
    </span>
  );
}

type Props = ListProps<IssueRow> & { workspace: string; auditPath: string | null; barEnd: ReactNode };

/** What a connector issued, refused, and could not have. `auditPath` leads to the entry, null for who reads no audit trail. */
export function IssuesTable({ workspace, auditPath, ...table }: Props) {
  const columns: DataColumn<IssueRow>[] = [
    timeColumn({ id: "at", label: "Time", width: 116, at: (row) => row.at }),
    { id: "outcome", label: "Outcome", width: 176, sortKey: "outcome", cell: (row) => <Outcome row={row} /> },
    { id: "who", label: "Who", width: 176, sortKey: "who", cell: (row) => <WhoChip person={row.who} /> },
    { id: "run", label: "Run", width: 124, cell: (row) => <IssueRun run={row.run} workspace={workspace} /> },
    {
      id: "steps",
      label: "Steps",
      width: 148,
      cell: (row) => (row.run && row.run.steps.length > 0 ? <span title={row.run.steps.join(", ")}>{row.run.steps.join(", ")}</span> : NONE),
    },
    { id: "resource", label: "Resource", minWidth: 176, cell: (row) => <code title={row.resourceId ?? ""}>{row.resourceId ?? row.resourceType ?? "–"}</code> },
    { id: "reach", label: "Reaches", width: 148, cell: (row) => (row.reach ? <span title={row.actsAs ?? ""}>{REACH_WORDS[row.reach]}</span> : NONE) },
    {
      id: "until",
      label: "Until",
      width: 188,
      sortKey: "until",
      startsDescending: true,
      cell: (row) => <Until row={row} />,
    },
    { id: "credential", label: "Credential", width: 132, cell: (row) => credentialWords({ credentialKind: row.credential, credentialLabel: null }) },
    { id: "purpose", label: "Purpose", width: 112, cell: (row) => purposeWords(row.purpose) },
    {
      id: "request",
      label: "Request",
      width: 284,
      cell: (row) => <RequestLink auditPath={auditPath} requestId={row.requestId} title="Its entry in the audit trail" />,
    },
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "row", many: "rows" }}
      columns={columns}
      definition={ISSUE_LIST}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => requestPath(auditPath, row.requestId) ?? table.path}
      phoneRow={(row) => (
        <>
          <Icon name={row.outcome === "issued" ? "key-round" : "ban"} size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.who?.name ?? "–"}</b>
            <span className="block text-meta leading-5 text-ink-3">
              <Outcome row={row} />, {row.resourceId ?? row.resourceType}
              {row.run && `, run № ${row.run.number}`}
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
