import type { Metadata } from "next";
import { MessagePage } from "@/components/ui/states";
import { ActivateForm } from "./activate-form";

export const metadata: Metadata = { title: "Activate account", robots: { index: false }, referrer: "no-referrer" };

/** Public: the one-use token is the proof. A client prints this address when an administrator makes or deactivates a user with it. */
export default function ActivatePage() {
  return (
    <MessagePage icon="key-round" title="Activate account">
      <ActivateForm />
    </MessagePage>
  );
}
