import { SNAPSHOT_LIST } from "@/components/pipeline/lists";
import { decodeSegment } from "@/lib/kernel/decode-segment";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { listSnapshotRows } from "@/lib/snapshots/list-snapshot-rows";
import { exportList } from "../../../../../../../list-export";

export const dynamic = "force-dynamic";

/** The snapshots of a pipeline that a filter shows, as CSV. */
export const GET = route("snapshot:read", ({ context, place, params, url }) => {
  const { project } = place;
  const pipeline = decodeSegment(params.pipeline ?? "");
  if (!project || !pipeline) throw new AppError("not_found", "There is no such pipeline here.");
  return exportList(url, `snapshots-${pipeline}`, SNAPSHOT_LIST, (input) => ask(listSnapshotRows, context, { projectId: project.id, pipeline, ...input }), [
    ["created", (row) => row.createdAt],
    ["id", (row) => row.id],
    ["name", (row) => row.name],
    ["code digest", (row) => row.codeDigest],
    ["package list digest", (row) => row.packagesDigest],
    ["stack", (row) => row.stack?.name ?? null],
    ["steps", (row) => row.steps],
    ["made by", (row) => row.by?.name ?? null],
    ["client version", (row) => row.clientVersion],
    ["last run", (row) => row.lastRun?.number ?? null],
    ["last run at", (row) => row.lastRun?.at ?? null],
  ]);
});
