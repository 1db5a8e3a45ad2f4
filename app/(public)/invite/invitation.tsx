"use client";

import { startTransition, useActionState, useEffect, useRef, useState } from "react";
import { Button, ButtonLink } from "@/components/ui/button";
import { FactList } from "@/components/ui/facts";
import { ErrorSummary, TextField } from "@/components/ui/field";
import { Mark } from "@/components/ui/icon";
import { ErrorState, MessagePage } from "@/components/ui/states";
import { ExactTime } from "@/components/ui/time";
import { MIN_PASSWORD_LENGTH, passwordProblem, passwordSentence } from "@/lib/identity/password-rule";
import type { OpenInvitation } from "@/lib/members/invitation-schema";
import { type AcceptState, acceptLink, type LinkState, readLink } from "./actions";

/** Kept while somebody with an account signs in and comes back: the address loses its fragment on the way. */
const KEPT = "reeve.invitation";

/** Reads the secret from the fragment, shows what it opens and lets the person accept. */
export function Invitation() {
  const [secret, setSecret] = useState("");
  const [link, setLink] = useState<LinkState | { status: "checking" }>({ status: "checking" });
  useEffect(() => {
    let isCurrent = true;
    const given = window.location.hash.slice(1) || (window.sessionStorage.getItem(KEPT) ?? "");
    setSecret(given);
    const unreachable: LinkState = { status: "error", message: "The server did not answer.", fix: "Load the page again.", requestId: "" };
    (given === "" ? Promise.resolve<LinkState>({ status: "closed" }) : readLink(given).catch(() => unreachable)).then((state) => isCurrent && setLink(state));
    return () => {
      isCurrent = false;
    };
  }, []);
  if (link.status === "checking")
    return (
      <main id="main" className="pad-x pt-[18vh]">
        <h1 className="sr-only">Invitation</h1>
        <p role="status">Checking the link.</p>
      </main>
    );
  if (link.status === "error")
    return (
      <main id="main">
        <ErrorState title={link.message} fix={link.fix ?? "Load the page again."} requestId={link.requestId || undefined} />
      </main>
    );
  if (link.status === "closed")
    return (
      <MessagePage icon="ticket" title="This invitation opens nothing any more">
        <p>It was accepted, revoked or replaced by a newer one, or it is older than seven days. Ask who invited you for a new link.</p>
        <div>
          <ButtonLink href="/sign-in">Sign in</ButtonLink>
        </div>
      </MessagePage>
    );
  return <Accept secret={secret} invitation={link.invitation} />;
}

function Accept({ secret, invitation }: { secret: string; invitation: OpenInvitation }) {
  const [state, submit, isPending] = useActionState<AcceptState, FormData>(acceptLink, { status: "idle" });
  const [name, setName] = useState(invitation.fullName);
  const [password, setPassword] = useState("");
  const [hasLeft, setLeft] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (state.status === "error") summary.current?.querySelector<HTMLElement>("[role=alert]")?.focus();
    if (state.status !== "done") return;
    window.sessionStorage.removeItem(KEPT);
    window.location.replace("/");
  }, [state]);
  const errors = state.status === "error" && !isPending ? state.fields : {};
  const problem = passwordProblem(password, [name, invitation.email]);
  return (
    <main id="main" className="mx-auto flex w-full max-w-[480px] flex-col px-4 pt-[12vh] pb-16 md:px-0">
      <Mark size={28} className="text-ink" />
      <h1 className="mt-4 text-title break-words">
        {invitation.invitedBy} invites you to {invitation.organization}
      </h1>
      <div className="mt-4">
        <FactList
          facts={[
            { label: "As", value: <b>{invitation.role}</b> },
            { label: "On", value: invitation.place },
            { label: "The role ends", value: invitation.grantUntil ? <ExactTime at={invitation.grantUntil} /> : "no end" },
            { label: "For", value: invitation.email },
            { label: "Accept until", value: <ExactTime at={invitation.expiresAt} /> },
            ...(invitation.note ? [{ label: "Note", value: invitation.note }] : []),
          ]}
        />
      </div>
      {invitation.hasAccount && !invitation.isThem ? (
        <div className="mt-6 flex flex-col gap-3">
          <p>{invitation.email} has an account. Sign in with it to accept.</p>
          <div>
            <ButtonLink look="primary" size="lg" href="/sign-in?next=%2Finvite" onClick={() => window.sessionStorage.setItem(KEPT, secret)}>
              Sign in
            </ButtonLink>
          </div>
        </div>
      ) : (
        <form
          noValidate
          className="mt-6 flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            form.set("secret", secret);
            startTransition(() => submit(form));
          }}
        >
          {state.status === "error" && !isPending && (
            <div ref={summary}>
              <ErrorSummary
                title={Object.keys(errors).length > 0 ? "Nothing was made yet. Mend these first:" : [state.message, state.fix].filter(Boolean).join(" ")}
                errors={Object.entries(errors).map(([field, message]) => ({ field, message }))}
                requestId={state.requestId}
              />
            </div>
          )}
          {!invitation.hasAccount && (
            <>
              <input type="email" name="email" value={invitation.email} readOnly autoComplete="username" tabIndex={-1} aria-hidden="true" className="sr-only" />
              <TextField id="name" label="Your name" autoComplete="name" value={name} onChange={(event) => setName(event.target.value)} error={errors.name} />
              <TextField
                id="password"
                label="Password"
                type="password"
                autoComplete="new-password"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
                onBlur={() => setLeft(password !== "")}
                error={(hasLeft && problem && passwordSentence(problem)) || errors.password}
                help={
                  password !== "" && !problem
                    ? "This password is long and varied enough."
                    : `At least ${MIN_PASSWORD_LENGTH} characters, and more than a common word or your name. Four random words do well.`
                }
              />
            </>
          )}
          <div>
            <Button type="submit" look="primary" size="lg" disabled={isPending || state.status === "done"}>
              {isPending || state.status === "done" ? "Accepting" : "Accept the invitation"}
            </Button>
          </div>
        </form>
      )}
    </main>
  );
}
