import { route } from "@/lib/kernel/route";
import { exportAccounts } from "../../../../settings/service-accounts/export-accounts";

export const dynamic = "force-dynamic";

/** The workspace's service accounts, as CSV. */
export const GET = route("service-account:read", exportAccounts);
