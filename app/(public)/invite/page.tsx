import type { Metadata } from "next";
import { Invitation } from "./invitation";

export const metadata: Metadata = { title: "Invitation", robots: { index: false } };

/** Public: the secret in the link's fragment, which browsers never send with the page, opens it. */
export default function InvitePage() {
  return <Invitation />;
}
