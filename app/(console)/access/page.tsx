import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { page } from "@/lib/kernel/page";
import { seesOrganizationAccess } from "./access-frame";
import { MembersPage } from "./members-page";

export const metadata: Metadata = { title: "Access" };

// Rows are filtered by grant:read: all for System Admin and Auditor, their own workspaces for Workspace Admins.
export default page("session:read", async (args) => {
  if (!seesOrganizationAccess(args.context.actor)) notFound();
  return <MembersPage {...args} />;
});
