"use client";

import { type ReactNode, useActionState, useState } from "react";
import { Button, ButtonLink } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { MIN_PASSWORD_LENGTH, passwordProblem, passwordSentence } from "@/lib/identity/password-rule";
import type { LinkState } from "./link-state";
import { Said } from "./said";

type Props = {
  action: (previous: LinkState, form: FormData) => Promise<LinkState>;
  /** The secret and what else the link says. */
  hidden: Record<string, string>;
  /** False while the link is not known: nothing can be sent. */
  isReady: boolean;
  /** Names that the password may not be made of. */
  known?: string[];
  autoFocus?: boolean;
  submit: string;
  submitting: string;
  /** What is said afterwards, above the way to sign in. */
  done: string;
  children?: ReactNode;
};

/** Sets a password by a one-use link; says while one types which rule fails. */
export function NewPasswordForm({ action, hidden, isReady, known, autoFocus, submit: words, submitting, done, children }: Props) {
  const [state, submit, isPending] = useActionState<LinkState, FormData>(action, { status: "idle" });
  const [password, setPassword] = useState("");
  const [isLeft, setLeft] = useState(false);
  if (state.status === "done")
    return (
      <div role="status" className="flex flex-col gap-3">
        <p>{done}</p>
        <div>
          <ButtonLink href="/sign-in" look="primary" size="lg">
            Sign in
          </ButtonLink>
        </div>
      </div>
    );
  const problem = passwordProblem(password, known);
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
      {Object.entries(hidden).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {children}
      <TextField
        id="password"
        label="New password"
        type="password"
        autoComplete="new-password"
        autoFocus={autoFocus}
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
        <Button type="submit" look="primary" size="lg" disabled={isPending || !isReady}>
          {isPending ? submitting : words}
        </Button>
      </div>
    </form>
  );
}

/** What stands where the link is not whole. */
export const INCOMPLETE_LINK = "This address needs the whole link that you were given: copy it again, to its last character.";
