"use client";

import { INCOMPLETE_LINK, NewPasswordForm } from "../new-password-form";
import { useFragment } from "../use-fragment";
import { setNewPassword } from "./actions";

/** Sets a new password for who has the link. */
export function PasswordForm() {
  const secret = useFragment();
  if (secret === "") return <p>{INCOMPLETE_LINK}</p>;
  return (
    <NewPasswordForm
      action={setNewPassword}
      hidden={{ secret: secret ?? "" }}
      isReady={secret !== undefined}
      autoFocus
      submit="Set the password"
      submitting="Setting"
      done="The new password is set. Every session of your account has ended."
    />
  );
}
