import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isUuid } from "@/lib/kernel/id";
import { page } from "@/lib/kernel/page";
import { PersonPage } from "../../person-page";

export const metadata: Metadata = { title: "Person" };

// What is shown of whom is decided row by row in the query; everybody may see themselves.
export default page("session:read", async (args) => {
  if (!isUuid(args.params.person ?? "")) notFound();
  return <PersonPage {...args} />;
});
