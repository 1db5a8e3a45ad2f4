import type { Metadata } from "next";
import { page } from "@/lib/kernel/page";
import { EntryPage } from "../../../audit/entry-page";

export const metadata: Metadata = { title: "Audit entry" };

export default page("audit-entry:read", async (args) => <EntryPage {...args} />);
