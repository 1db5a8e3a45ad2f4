import type { Metadata } from "next";
import { MessagePage } from "@/components/ui/states";
import { PasswordForm } from "./password-form";

export const metadata: Metadata = { title: "New password", robots: { index: false } };

/** Public: the secret in the link's fragment is the proof. */
export default function PasswordPage() {
  return (
    <MessagePage icon="key-round" title="New password">
      <PasswordForm />
    </MessagePage>
  );
}
