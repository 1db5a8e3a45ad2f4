import { route } from "@/lib/kernel/route";
import { exportAccounts } from "../export-accounts";

export const dynamic = "force-dynamic";

/** Rows are filtered by service-account:read. */
export const GET = route("session:read", exportAccounts);
