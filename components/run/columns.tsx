import { versionWord } from "@/components/artifact/words";
import type { DataColumn } from "@/components/table/data-column";
import { NotRecorded, Tally } from "@/components/ui/evidence";
import { Status } from "@/components/ui/status";
import { TagList } from "@/components/ui/tag";
import { Duration, Time } from "@/components/ui/time";
import { WhoChip } from "@/components/ui/who";
import type { RunRow } from "@/lib/runs/schema";
import { RunLink } from "./run-name";

const NONE = <span className="text-ink-3">–</span>;

/** The columns of the runs list, in the order of RUN_LIST. `longestS` scales the bars of the durations. */
export function runColumns(path: string, longestS: number): DataColumn<RunRow>[] {
  return [
    {
      id: "number",
      label: "№",
      width: 44,
      align: "right",
      sortKey: "number",
      startsDescending: true,
      className: "mono-cell",
      cell: (run) => run.number,
    },
    { id: "status", label: "Status", width: 132, sortKey: "status", cell: (run) => <Status state={run.status} /> },
    { id: "run", label: "Run", minWidth: 156, sortKey: "name", cell: (run) => <RunLink href={`${path}/${run.id}`} name={run.name} /> },
    {
      id: "pipeline",
      label: "Pipeline",
      width: 124,
      cell: (run) => run.pipeline ?? NONE,
    },
    { id: "stack", label: "Stack", width: 100, cell: (run) => run.stack ?? <NotRecorded isPlain /> },
    { id: "by", label: "Started by", width: 144, cell: (run) => <WhoChip isTight person={run.startedBy} origin={run.origin} onBehalfOf={run.onBehalfOf} /> },
    {
      id: "model",
      label: "Model",
      width: 112,
      cell: (run) =>
        run.model ? (
          <span className="parted">
            <span>{run.model.name}</span>
            {` ${versionWord(run.model.version)}`}
          </span>
        ) : (
          NONE
        ),
    },
    {
      id: "code",
      label: "Code",
      width: 100,
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
    { id: "tags", label: "Tags", width: 88, cell: (run) => <TagList names={run.tags} /> },
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
