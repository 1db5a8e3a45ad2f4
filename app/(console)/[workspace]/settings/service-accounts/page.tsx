import type { Metadata } from "next";
import { page } from "@/lib/kernel/page";
import { AccountsPage } from "../../../settings/service-accounts/accounts-page";

export const metadata: Metadata = { title: "Service accounts" };

export default page("service-account:read", async (args) => <AccountsPage {...args} />);
