"use client";

import { useActionState, useState } from "react";
import { Button, ButtonLink } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { MIN_PASSWORD_LENGTH, passwordProblem, passwordSentence } from "@/lib/identity/password-rule";
import type { LinkState } from "../link-state";
import { Said } from "../said";
import { useFragment } from "../use-fragment";
import { setNewPassword } from "./actions";

/** Sets the password; says while one types which rule fails. */
export function PasswordForm() {
  const secret = useFragment();
  const [state, submit, isPending] = useActionState<LinkState, FormData>(setNewPassword, { status: "idle" });
  const [password, setPassword] = useState("");
  const [isLeft, setLeft] = useState(false);
  const problem = passwordProblem(password);
  if (state.status === "done")
    return (
      <div role="status" className="flex flex-col gap-3">
        <p>The new password is set. Every session of your account has ended.</p>
        <div>
          <ButtonLink href="/sign-in" look="primary" size="lg">
            Sign in
          </ButtonLink>
        </div>
      </div>
    );
  if (secret === "") return <p>This address needs the whole link that you were given: copy it again, to its last character.</p>;
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
      <input type="hidden" name="secret" value={secret ?? ""} />
      <TextField
        id="password"
        label="New password"
        type="password"
        autoComplete="new-password"
        autoFocus
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
        <Button type="submit" look="primary" size="lg" disabled={isPending || !secret}>
          {isPending ? "Setting" : "Set the password"}
        </Button>
      </div>
    </form>
  );
}
