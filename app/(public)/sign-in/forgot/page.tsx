import type { Metadata } from "next";
import { ButtonLink } from "@/components/ui/button";
import { MessagePage } from "@/components/ui/states";
import { sendsMail } from "@/lib/mail/mail";
import { ForgotForm } from "./forgot-form";

export const metadata: Metadata = { title: "New password" };

/** Public: who forgot the password can't sign in. */
export default function ForgotPage() {
  return (
    <MessagePage icon="key-round" title="New password">
      {sendsMail() ? (
        <ForgotForm />
      ) : (
        <>
          <p>This installation sends no mail. A System Admin of your organization can make a link for you, with which you set a new password.</p>
          <div>
            <ButtonLink href="/sign-in">Back to sign-in</ButtonLink>
          </div>
        </>
      )}
    </MessagePage>
  );
}
