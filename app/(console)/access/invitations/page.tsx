import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { page } from "@/lib/kernel/page";
import { seesOrganizationAccess } from "../access-frame";
import { InvitationsPage } from "../invitations-page";

export const metadata: Metadata = { title: "Invitations" };

export default page("session:read", async (args) => {
  if (!seesOrganizationAccess(args.context.actor)) notFound();
  return <InvitationsPage {...args} />;
});
