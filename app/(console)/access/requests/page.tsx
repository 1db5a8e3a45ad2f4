import type { Metadata } from "next";
import { page } from "@/lib/kernel/page";
import { RequestsPage } from "../requests-page";

export const metadata: Metadata = { title: "Access requests" };

// Everyone has their own requests; those of others are filtered by who may decide them.
export default page("session:read", async (args) => <RequestsPage {...args} />);
