import { route } from "@/lib/kernel/route";
import { exportMembers } from "../../../access/exports";

export const dynamic = "force-dynamic";

/** Who holds which role of the workspace, as CSV. */
export const GET = route("grant:read", exportMembers);
