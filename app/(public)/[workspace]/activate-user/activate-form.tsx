"use client";

import { useActionState, useEffect, useState } from "react";
import { Button, ButtonLink } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { MIN_PASSWORD_LENGTH, passwordProblem, passwordSentence } from "@/lib/identity/password-rule";
import type { LinkState } from "../../sign-in/link-state";
import { Said } from "../../sign-in/said";
import { activateAccount } from "./actions";

type Link = { user: string; username: string; token: string };

/** Sets the password of an account that is not active. The client puts the token into the query: it is taken out of the address at once. */
export function ActivateForm() {
  const [state, submit, isPending] = useActionState<LinkState, FormData>(activateAccount, { status: "idle" });
  const [link, setLink] = useState<Link>();
  const [password, setPassword] = useState("");
  const [isLeft, setLeft] = useState(false);
  useEffect(() => {
    const query = new URLSearchParams(window.location.search);
    const [user, username, token] = ["user", "username", "token"].map((name) => query.get(name) ?? "") as [string, string, string];
    if (!token) return;
    setLink({ user, username, token });
    window.history.replaceState(null, "", window.location.pathname);
  }, []);
  if (state.status === "done")
    return (
      <div role="status" className="flex flex-col gap-3">
        <p>The account {link?.username} is active. The password is set.</p>
        <div>
          <ButtonLink href="/sign-in" look="primary" size="lg">
            Sign in
          </ButtonLink>
        </div>
      </div>
    );
  const problem = passwordProblem(password, link ? [link.username] : []);
  const error = state.status === "error" ? state.fields?.password : undefined;
  return (
    <form
      action={submit}
      noValidate
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        setLeft(true);
        if (problem) event.preventDefault();
      }}
    >
      <input type="hidden" name="user" value={link?.user ?? ""} />
      <input type="hidden" name="token" value={link?.token ?? ""} />
      <p>{link ? `Set a password for ${link.username}.` : "This address needs the whole link that you were given: copy it again, to its last character."}</p>
      <TextField
        id="password"
        label="New password"
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
        onBlur={() => setLeft(password !== "")}
        help={`At least ${MIN_PASSWORD_LENGTH} characters; a few words that don’t belong together do well.`}
        error={(isLeft && problem && passwordSentence(problem)) || error || null}
      />
      {state.status === "error" && !error && (
        <Said requestId={state.requestId}>
          {state.message} {state.fix}
        </Said>
      )}
      <div>
        <Button type="submit" look="primary" size="lg" disabled={isPending || !link}>
          {isPending ? "Activating" : "Activate the account"}
        </Button>
      </div>
    </form>
  );
}
