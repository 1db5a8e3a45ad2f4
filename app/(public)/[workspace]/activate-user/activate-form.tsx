"use client";

import { useEffect, useState } from "react";
import { INCOMPLETE_LINK, NewPasswordForm } from "../../sign-in/new-password-form";
import { activateAccount } from "./actions";

type Link = { user: string; username: string; token: string };

/** Sets the password of an account that is not active. The client puts the token into the query: it is taken out of the address at once. */
export function ActivateForm() {
  const [link, setLink] = useState<Link>();
  useEffect(() => {
    const query = new URLSearchParams(window.location.search);
    const [user, username, token] = ["user", "username", "token"].map((name) => query.get(name) ?? "") as [string, string, string];
    if (!token) return;
    setLink({ user, username, token });
    window.history.replaceState(null, "", window.location.pathname);
  }, []);
  return (
    <NewPasswordForm
      action={activateAccount}
      hidden={{ user: link?.user ?? "", token: link?.token ?? "" }}
      isReady={link !== undefined}
      known={link ? [link.username] : []}
      submit="Activate the account"
      submitting="Activating"
      done={`The account ${link?.username} is active. The password is set.`}
    >
      <p>{link ? `Set a password for ${link.username}.` : INCOMPLETE_LINK}</p>
    </NewPasswordForm>
  );
}
