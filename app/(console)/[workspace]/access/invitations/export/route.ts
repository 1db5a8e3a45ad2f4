import { route } from "@/lib/kernel/route";
import { exportInvitations } from "../../../../access/exports";

export const dynamic = "force-dynamic";

/** Invitations of the workspace, as CSV. */
export const GET = route("invitation:read", exportInvitations);
