import { JOB_ITEM_LIST } from "@/components/bulk/job-lists";
import { getJob, listJobItems } from "@/lib/bulk/get-job";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../../list-export";

export const dynamic = "force-dynamic";

/** The things of a job that a filter shows, with what came of each, as CSV. */
export const GET = route("workspace:read", async ({ context, params, url }) => {
  const job = await ask(getJob, context, { jobId: params.job });
  return exportList(url, `job-${job.act}-${job.list}-${job.id}`, JOB_ITEM_LIST, (input) => ask(listJobItems, context, { ...input, jobId: job.id }), [
    ["position", (row) => row.position],
    ["thing", (row) => row.name],
    ["id", (row) => row.thingId],
    ["outcome", (row) => row.outcome],
    ["reason", (row) => row.reason],
    ["at", (row) => row.doneAt],
  ]);
});
