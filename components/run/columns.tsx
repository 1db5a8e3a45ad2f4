import { versionWord } from "@/components/artifact/words";
import { modelVersionPath, pipelinePath, runPath } from "@/components/project/paths";
import type { DataColumn } from "@/components/table/data-column";
import type { Filter } from "@/components/table/list-params";
import { CellLink } from "@/components/table/row-link";
import { numberWidth } from "@/components/table/number-width";
import { NONE } from "@/components/table/usual-columns";
import { NotRecorded, Tally } from "@/components/ui/evidence";
import { Status } from "@/components/ui/status";
import { TagList } from "@/components/ui/tag";
import { Duration, Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import { RUN_STATES, type RunRow } from "@/lib/runs/schema";
import { RunLink } from "./run-name";

const is = (field: string, value: string | null | undefined): Filter =>
  value === null || value === undefined ? { field, op: "missing", values: [] } : { field, op: "is", values: [value] };

function filterOfStatus(status: string): Filter | null {
  const word = RUN_STATES.find(({ value, states }) => value === status || (states as readonly string[]).includes(status))?.value;
  return word ? is("status", word) : null;
}

/** A column for a key of metadata that the view shows. */
export const metadataColumn = ({ id, key }: { id: string; key: string }): DataColumn<RunRow> => ({
  id,
  label: key,
  width: 120,
  className: "mono-cell",
  filterBy: (run) => is(id, run.metadata[key]),
  cell: (run) => (run.metadata[key] === undefined ? <NotRecorded isPlain /> : run.metadata[key]),
});

/** The columns of the runs list, in the order of RUN_LIST. `base` is the project's path, `longestS` scales the bars of the durations, `numbers` are the runs' own. */
export function runColumns(base: string, longestS: number, numbers: readonly number[]): DataColumn<RunRow>[] {
  return [
    {
      id: "number",
      filterBy: (run) => ({ field: "number", op: "eq", values: [String(run.number)] }),
      label: "№",
      width: numberWidth(44, numbers.map(String)),
      align: "right",
      sortKey: "number",
      startsDescending: true,
      className: "mono-cell",
      cell: (run) => run.number,
    },
    {
      id: "status",
      filterBy: (run) => filterOfStatus(run.status),
      label: "Status",
      width: 132,
      sortKey: "status",
      cell: (run) => <Status state={run.status} />,
    },
    { id: "run", label: "Run", minWidth: 148, sortKey: "name", cell: (run) => <RunLink href={runPath(base, run.id)} name={run.name} /> },
    {
      id: "pipeline",
      filterBy: (run) => is("pipeline", run.pipeline),
      label: "Pipeline",
      width: 116,
      cell: (run) =>
        run.pipeline ? (
          <CellLink href={pipelinePath(base, run.pipeline)} className="entity">
            {run.pipeline}
          </CellLink>
        ) : (
          NONE
        ),
    },
    { id: "stack", filterBy: (run) => is("stack", run.stack), label: "Stack", width: 96, cell: (run) => run.stack ?? <NotRecorded isPlain /> },
    {
      id: "by",
      filterBy: (run) => (run.startedBy ? is("by", run.startedBy.name) : null),
      label: "Started by",
      width: 132,
      cell: (run) => <WhoChip isTight person={run.startedBy} origin={run.origin} onBehalfOf={run.onBehalfOf} />,
    },
    {
      id: "model",
      filterBy: (run) => is("model", run.model?.name),
      label: "Model",
      width: 104,
      cell: (run) =>
        run.model ? (
          <CellLink href={modelVersionPath(base, run.model.name, run.model.version)} className="parted entity">
            <span>{run.model.name}</span>
            {` ${versionWord(run.model.version)}`}
          </CellLink>
        ) : (
          NONE
        ),
    },
    {
      id: "code",
      filterBy: (run) => is("code", run.codeDigest),
      label: "Code",
      width: 96,
      cell: (run) =>
        run.codeDigest ? (
          <span className="who" title={`Code digest ${run.codeDigest}`}>
            <Tally digest={run.codeDigest} />
            <code>{run.codeDigest.slice(0, 7)}</code>
          </span>
        ) : (
          <NotRecorded isPlain />
        ),
    },
    {
      id: "steps",
      label: "Steps",
      width: 80,
      align: "right",
      cell: (run) => (run.steps ? `${countWords(run.steps.ended)} of ${countWords(run.steps.total)}` : NONE),
    },
    { id: "tags", filterBy: (run) => is("tag", run.tags[0]), label: "Tags", width: 88, cell: (run) => <TagList names={run.tags} /> },
    {
      id: "started",
      label: "Started",
      width: 100,
      sortKey: "started",
      startsDescending: true,
      cell: (run) => (run.startedAt ? <Time at={run.startedAt} /> : <span className="text-ink-3">not started</span>),
    },
    { id: "ended", label: "Ended", width: 100, sortKey: "ended", startsDescending: true, cell: (run) => (run.endedAt ? <Time at={run.endedAt} /> : NONE) },
    {
      id: "duration",
      label: "Duration",
      width: 104,
      align: "right",
      sortKey: "duration",
      startsDescending: true,
      cell: (run) => <Duration start={run.startedAt} end={run.endedAt} seconds={run.durationS} longestS={longestS} />,
    },
  ];
}
