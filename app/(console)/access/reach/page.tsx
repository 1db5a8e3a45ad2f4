import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { page } from "@/lib/kernel/page";
import { seesOrganizationAccess } from "../access-frame";
import { ReachPage } from "../reach-page";

export const metadata: Metadata = { title: "Who can reach" };

export default page("session:read", async (args) => {
  if (!seesOrganizationAccess(args.context.actor)) notFound();
  return <ReachPage {...args} />;
});
