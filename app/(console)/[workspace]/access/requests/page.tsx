import type { Metadata } from "next";
import { page } from "@/lib/kernel/page";
import { RequestsPage } from "../../../access/requests-page";

export const metadata: Metadata = { title: "Access requests" };

export default page("workspace:read", async (args) => <RequestsPage {...args} />);
