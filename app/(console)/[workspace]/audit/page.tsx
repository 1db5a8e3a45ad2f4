import type { Metadata } from "next";
import { page } from "@/lib/kernel/page";
import { AuditPage } from "../../audit/audit-page";

export const metadata: Metadata = { title: "Audit" };

export default page("audit-entry:read", async (args) => <AuditPage {...args} />);
