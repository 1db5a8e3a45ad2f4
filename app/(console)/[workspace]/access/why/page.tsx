import type { Metadata } from "next";
import { page } from "@/lib/kernel/page";
import { WhyPage } from "../../../access/why-page";

export const metadata: Metadata = { title: "Why" };

export default page("grant:read", async (args) => <WhyPage {...args} />);
