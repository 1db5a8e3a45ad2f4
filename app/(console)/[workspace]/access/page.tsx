import type { Metadata } from "next";
import { page } from "@/lib/kernel/page";
import { MembersPage } from "../../access/members-page";

export const metadata: Metadata = { title: "Access" };

export default page("grant:read", async (args) => <MembersPage {...args} />);
