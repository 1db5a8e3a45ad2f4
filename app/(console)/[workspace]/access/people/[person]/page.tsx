import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isUuid } from "@/lib/kernel/id";
import { page } from "@/lib/kernel/page";
import { PersonPage } from "../../../../access/person-page";

export const metadata: Metadata = { title: "Person" };

export default page("grant:read", async (args) => {
  if (!isUuid(args.params.person ?? "")) notFound();
  return <PersonPage {...args} />;
});
