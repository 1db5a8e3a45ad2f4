import { route } from "@/lib/kernel/route";
import { exportRequests } from "../../../../access/exports";

export const dynamic = "force-dynamic";

/** Requests for access of the workspace, as CSV. */
export const GET = route("workspace:read", exportRequests);
