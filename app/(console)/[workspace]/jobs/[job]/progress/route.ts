import { getJob } from "@/lib/bulk/get-job";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";

export const dynamic = "force-dynamic";

/** How far a job is, for whoever has just started it. */
export const GET = route("workspace:read", async ({ context, params }) => Response.json(await ask(getJob, context, { jobId: params.job })));
