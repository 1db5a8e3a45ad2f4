import { route } from "@/lib/kernel/route";
import { exportInvitations } from "../../exports";

export const dynamic = "force-dynamic";

/** Rows are filtered by what the reader may see: the same as on the page. */
export const GET = route("session:read", exportInvitations);
