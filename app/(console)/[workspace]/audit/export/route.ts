import { route } from "@/lib/kernel/route";
import { exportResponse } from "../../../audit/export-response";

export const dynamic = "force-dynamic";

/** The audit entries that a filter shows, as a file. */
export const GET = route("audit-entry:export", async ({ context, url }) => exportResponse(context, url));
