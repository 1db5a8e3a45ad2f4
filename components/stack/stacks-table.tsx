"use client";

import { CellLink, RowLink } from "@/components/table/row-link";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { timeColumn, ownerColumn, NONE } from "@/components/table/usual-columns";
import { Icon } from "@/components/ui/icon";
import { counted, countWords } from "@/components/ui/time-words";
import { kindTitle } from "@/lib/components/schema";
import type { StackPart, StackRow } from "@/lib/stacks/schema";
import { LocalChip } from "./chips";
import { ROWS_PER_PAGE, STACK_LIST } from "./lists";

export type TableProps<Row> = ListProps<Row> & {
  /** The workspace's path, for links to other things. */
  base: string;
};

export const PART_LINK = "link text-ink";
const MAIN = ["orchestrator", "artifact_store", "container_registry"];

/** The stacks of a workspace. */
export function StacksTable({ base, ...table }: TableProps<StackRow>) {
  const part = (row: StackRow, type: string) => {
    const found = row.parts.find((one) => one.type === type);
    return found ? <PartLink base={base} part={found} /> : NONE;
  };
  const columns: DataColumn<StackRow>[] = [
    {
      id: "name",
      label: "Name",
      sortKey: "name",
      minWidth: 140,
      cell: (row) => (
        <>
          <RowLink href={`${table.path}/${row.id}`}>{row.name}</RowLink>
          {row.description && <span className="text-ink-3"> {row.description}</span>}
        </>
      ),
    },
    { id: "orchestrator", label: "Orchestrator", width: 164, sortKey: "orchestrator", cell: (row) => part(row, "orchestrator") },
    { id: "artifact_store", label: "Artifact store", width: 164, sortKey: "artifact_store", cell: (row) => part(row, "artifact_store") },
    { id: "registry", label: "Registry", width: 116, cell: (row) => part(row, "container_registry") },
    {
      id: "others",
      label: "Others",
      width: 64,
      align: "right",
      cell: (row) => {
        const others = row.parts.filter((one) => !MAIN.includes(one.type));
        return others.length > 0 ? <span title={others.map((one) => `${kindTitle(one.type)}: ${one.name}`).join("\n")}>+{others.length}</span> : NONE;
      },
    },
    { id: "runs", label: "Runs, 7 days", width: 96, align: "right", sortKey: "runs", startsDescending: true, cell: (row) => countWords(row.runs7d) },
    ownerColumn(150, <FromWorkspace />),
    timeColumn({ id: "updated", label: "Changed", width: 104, at: (row) => row.updatedAt }),
    timeColumn({ id: "created", label: "Created", width: 104, at: (row) => row.createdAt }),
  ];
  return (
    <DataTable
      {...table}
      noun={{ one: "stack", many: "stacks" }}
      columns={columns}
      definition={STACK_LIST}
      pageSize={ROWS_PER_PAGE}
      rowKey={(row) => row.id}
      rowHref={(row) => `${table.path}/${row.id}`}
      phoneRow={(row) => (
        <>
          <Icon name="layers" size={18} className="text-ink-3" />
          <span className="min-w-0 flex-1">
            <b className="block truncate text-form">{row.name}</b>
            <span className="block truncate text-meta leading-5 text-ink-3">
              {row.parts
                .filter((one) => MAIN.includes(one.type))
                .map((one) => one.name)
                .join(", ")}
            </span>
          </span>
          <span className="text-meta text-ink-3">{counted(row.runs7d, "run")}</span>
        </>
      )}
    />
  );
}

/** What nobody made: it came with the workspace. */
export const FromWorkspace = () => <span className="text-ink-3">the workspace</span>;

function PartLink({ base, part }: { base: string; part: StackPart }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1.5">
      <CellLink href={`${base}/components/${part.id}`} className={`${PART_LINK} truncate`} title={`${part.name}, ${part.flavorTitle}`}>
        {part.name}
      </CellLink>
      {part.local && <LocalChip meaning={part.local} />}
    </span>
  );
}
