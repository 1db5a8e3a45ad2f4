import type { Metadata } from "next";
import { page } from "@/lib/kernel/page";
import { AccountPage } from "../../../../settings/service-accounts/account-page";

export const metadata: Metadata = { title: "Service account" };

export default page("service-account:read", async (args) => <AccountPage {...args} />);
