import type { Metadata } from "next";
import { page } from "@/lib/kernel/page";
import { InvitationsPage } from "../../../access/invitations-page";

export const metadata: Metadata = { title: "Invitations" };

export default page("invitation:read", async (args) => <InvitationsPage {...args} />);
