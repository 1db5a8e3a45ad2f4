import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { page } from "@/lib/kernel/page";
import { organizationSections } from "@/lib/organizations/sections";
import { AccountsPage } from "./accounts-page";

export const metadata: Metadata = { title: "Service accounts" };

// Rows are filtered by service-account:read: all for System Admin and Auditor, their own workspaces for Workspace Admins.
export default page("session:read", async (args) => {
  if (!organizationSections(args.context.actor).includes("service-accounts")) notFound();
  return <AccountsPage {...args} />;
});
