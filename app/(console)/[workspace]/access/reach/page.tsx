import type { Metadata } from "next";
import { page } from "@/lib/kernel/page";
import { ReachPage } from "../../../access/reach-page";

export const metadata: Metadata = { title: "Who can reach" };

export default page("grant:read", async (args) => <ReachPage {...args} />);
