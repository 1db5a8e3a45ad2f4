import { JOB_LIST } from "@/components/bulk/job-lists";
import { listJobs } from "@/lib/bulk/get-job";
import { jobWords } from "@/lib/bulk/schema";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../list-export";

export const dynamic = "force-dynamic";

/** The jobs that a filter shows, as CSV. */
export const GET = route("workspace:read", ({ context, url }) =>
  exportList(url, `jobs-${context.workspace?.slug}`, JOB_LIST, (input) => ask(listJobs, context, input), [
    ["job", (row) => jobWords(row)],
    ["id", (row) => row.id],
    ["state", (row) => row.state],
    ["reason", (row) => row.reason],
    ["project", (row) => row.project.name],
    ["things", (row) => row.total],
    ["done", (row) => row.counts.done],
    ["unchanged", (row) => row.counts.unchanged],
    ["refused", (row) => row.counts.refused],
    ["failed", (row) => row.counts.failed],
    ["asked for by", (row) => row.by?.name ?? null],
    ["asked for", (row) => row.createdAt],
    ["ended", (row) => row.endedAt],
  ]),
);
