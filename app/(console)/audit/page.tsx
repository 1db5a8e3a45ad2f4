import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { page } from "@/lib/kernel/page";
import { canReadOrganizationAudit } from "@/lib/organizations/get-shell";
import { AuditPage } from "./audit-page";

export const metadata: Metadata = { title: "Audit" };

// Rows are filtered by audit-entry:read: the whole trail for System Admin and Auditor, their own workspaces for Workspace Admins.
export default page("session:read", async (args) => {
  if (!canReadOrganizationAudit(args.context.actor)) notFound();
  return <AuditPage {...args} />;
});
