import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { page } from "@/lib/kernel/page";
import { canReadOrganizationAudit } from "@/lib/organizations/get-shell";
import { EntryPage } from "../entry-page";

export const metadata: Metadata = { title: "Audit entry" };

export default page("session:read", async (args) => {
  if (!canReadOrganizationAudit(args.context.actor)) notFound();
  return <EntryPage {...args} />;
});
