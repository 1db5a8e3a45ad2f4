"use client";

import { CellLink, RowLink } from "@/components/table/row-link";
import { useMemo } from "react";
import { modelVersionPath, pipelinePath, runPath, stepPath } from "@/components/project/paths";
import { versionWord } from "@/components/artifact/words";
import type { DataColumn } from "@/components/table/data-column";
import { DataTable } from "@/components/table/data-table";
import type { ListProps } from "@/components/table/list-props";
import { useRows } from "@/components/table/packed-rows";
import { timeColumn, NONE } from "@/components/table/usual-columns";
import { NotRecorded, Tally } from "@/components/ui/evidence";
import { Status } from "@/components/ui/status";
import { statusWord } from "@/components/ui/status-words";
import { TagList } from "@/components/ui/tag";
import { Duration, Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import type { StepRow } from "@/lib/runs/step-schema";
import { STEP_LIST, STEPS_PER_PAGE } from "./step-list";

const FAILED = [
  {
    label: "Failed this week",
    filters: [
      { field: "status", op: "is" as const, values: ["failed"] },
      { field: "started", op: "last" as const, values: ["7d"] },
    ],
  },
];

type Props = ListProps<StepRow> & {
  /** The project's path. */
  project: string;
};

/** The steps of a project's runs. */
export function StepsTable({ project, ...table }: Props) {
  const steps = useRows(table.rows);
  const columns = useMemo(() => {
    const lengths = steps.map((step) => step.durationS ?? 0).sort((a, b) => a - b);
    return stepColumns(project, lengths[Math.floor(lengths.length * 0.9)] || 1);
  }, [project, steps]);
  return (
    <DataTable
      {...table}
      noun={{ one: "step", many: "steps" }}
      columns={columns}
      definition={STEP_LIST}
      pageSize={STEPS_PER_PAGE}
      presets={FAILED}
      rowKey={(step) => step.id}
      rowHref={(step) => stepPath(project, step.id)}
      phoneRow={(step) => <PhoneRow step={step} />}
    />
  );
}

function stepColumns(project: string, longestS: number): DataColumn<StepRow>[] {
  return [
    { id: "status", label: "Status", width: 108, cell: (step) => <Status state={step.status} /> },
    {
      id: "step",
      label: "Step",
      minWidth: 180,
      cell: (step) => <RowLink href={stepPath(project, step.id)}>{step.name}</RowLink>,
    },
    {
      id: "run",
      label: "Run",
      width: 84,
      cell: (step) => (
        <CellLink className="link" href={runPath(project, step.run.id)} title={step.run.name}>
          № {step.run.number}
        </CellLink>
      ),
    },
    {
      id: "pipeline",
      label: "Pipeline",
      width: 148,
      cell: (step) =>
        step.pipeline ? (
          <CellLink className="link" href={pipelinePath(project, step.pipeline)}>
            {step.pipeline}
          </CellLink>
        ) : (
          NONE
        ),
    },
    { id: "by", label: "Started by", width: 144, cell: (step) => <WhoChip isTight person={step.by} origin={step.origin} /> },
    {
      id: "model",
      label: "Model",
      width: 124,
      cell: (step) =>
        step.model ? (
          <CellLink className="link parted" href={modelVersionPath(project, step.model.name, step.model.version)}>
            <span>{step.model.name}</span>
            {` ${versionWord(step.model.version)}`}
          </CellLink>
        ) : (
          NONE
        ),
    },
    {
      id: "code",
      label: "Code",
      width: 104,
      cell: (step) =>
        step.codeHash ? (
          <span className="who" title={`Digest of the step’s code ${step.codeHash}`}>
            <Tally digest={step.codeHash} className="text-ink-3" />
            <code>{step.codeHash.slice(0, 7)}</code>
          </span>
        ) : (
          <NotRecorded isPlain />
        ),
    },
    {
      id: "cache",
      label: "Cache key",
      width: 104,
      cell: (step) => (step.cacheKey ? <code title={step.cacheKey}>{step.cacheKey.slice(0, 9)}</code> : <NotRecorded isPlain />),
    },
    { id: "try", label: "Try", width: 40, align: "right", cell: (step) => <span className={step.try > 1 ? "text-ink" : "text-ink-3"}>{step.try}</span> },
    { id: "docstring", label: "Description", width: 200, cell: (step) => step.docstring || NONE },
    { id: "tags", label: "Run’s tags", width: 104, cell: (step) => <TagList names={step.tags} /> },
    timeColumn({ id: "started", label: "Started", width: 100, at: (row) => row.startedAt }),
    { id: "ended", label: "Ended", width: 100, cell: (step) => (step.endedAt ? <Time at={step.endedAt} /> : NONE) },
    {
      id: "duration",
      label: "Duration",
      width: 104,
      align: "right",
      sortKey: "duration",
      startsDescending: true,
      cell: (step) =>
        step.status === "cached" ? (
          <span className="text-ink-3">not run again</span>
        ) : (
          <Duration start={step.startedAt} end={step.endedAt} seconds={step.durationS} longestS={longestS} />
        ),
    },
  ];
}

const TONES: Record<string, string> = { run: "text-run", wait: "text-wait", warn: "text-warn", fail: "text-fail" };

function PhoneRow({ step }: { step: StepRow }) {
  const { word, tone } = statusWord(step.status);
  return (
    <>
      <Status state={step.status} iconOnly size={18} />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-form">
          <b>{step.name}</b>
          {step.try > 1 && <span className="text-ink-3"> try {step.try}</span>}
        </span>
        <span className="flex items-center gap-1 text-meta leading-5 text-ink-3">
          {step.status !== "completed" && <span className={TONES[tone]}>{word},</span>}
          <span className="truncate">
            {step.pipeline ?? step.run.name} № {step.run.number}
          </span>
        </span>
      </span>
      <span className="text-meta text-ink-3">
        <Time at={step.startedAt} />
      </span>
    </>
  );
}
