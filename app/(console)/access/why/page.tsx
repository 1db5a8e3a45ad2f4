import type { Metadata } from "next";
import { page } from "@/lib/kernel/page";
import { WhyPage } from "../why-page";

export const metadata: Metadata = { title: "Why" };

// Everybody may ask about themselves; of others only whom they may see.
export default page("session:read", async (args) => <WhyPage {...args} />);
