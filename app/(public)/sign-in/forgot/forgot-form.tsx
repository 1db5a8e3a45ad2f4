"use client";

import { useActionState, useState } from "react";
import { Button, ButtonLink } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { durationWords } from "@/components/ui/time-words";
import type { LinkState } from "../link-state";
import { Said } from "../said";
import { askForPasswordLink } from "./actions";

/** Asks for the address; the answer is the same whether an account has it or not. */
export function ForgotForm() {
  const [state, submit, isPending] = useActionState<LinkState, FormData>(askForPasswordLink, { status: "idle" });
  const [email, setEmail] = useState("");
  if (state.status === "done")
    return (
      <div role="status" className="flex flex-col gap-3">
        <p>
          If an account has the address <b className="break-all">{email.trim()}</b>, a mail with a link is on its way. The link works once, for one hour.
        </p>
        <p className="text-ink-3">No mail after a few minutes: check the address and the junk folder, or ask a System Admin of your organization for a link.</p>
        <div>
          <ButtonLink href="/sign-in">Back to sign-in</ButtonLink>
        </div>
      </div>
    );
  return (
    <form action={submit} noValidate className="flex flex-col gap-4">
      <p>A mail brings you a link with which you set a new password. Setting it ends every session of your account.</p>
      <TextField
        id="email"
        label="E-mail address"
        type="email"
        autoComplete="username"
        autoFocus
        value={email}
        onChange={(event) => setEmail(event.target.value)}
        error={state.status === "error" ? (state.fields?.email ?? null) : null}
      />
      {state.status === "throttled" && (
        <Said requestId={state.requestId}>
          Too many tries. The next one is possible in <b>{durationWords(state.waitS).replace(".0", "")}</b>.
        </Said>
      )}
      {state.status === "error" && !state.fields?.email && (
        <Said requestId={state.requestId}>
          {state.message} {state.fix}
        </Said>
      )}
      <div className="flex gap-2">
        <Button type="submit" look="primary" size="lg" disabled={isPending}>
          {isPending ? "Asking" : "Send the link"}
        </Button>
        <ButtonLink href="/sign-in" look="ghost" size="lg">
          Back
        </ButtonLink>
      </div>
    </form>
  );
}
