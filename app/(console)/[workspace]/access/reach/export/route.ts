import { route } from "@/lib/kernel/route";
import { exportReach } from "../../../../access/exports";

export const dynamic = "force-dynamic";

/** Paths to a permission of the workspace, as CSV. */
export const GET = route("grant:read", exportReach);
