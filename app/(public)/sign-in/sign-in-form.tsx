"use client";

import { useActionState, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { durationWords, shortTime } from "@/components/ui/time-words";
import { startSignOn } from "@/components/sso/start-sign-on";
import type { WaysToSignIn } from "@/lib/sso/ways-to-sign-in";
import { findWays, signInWithPassword } from "./actions";
import { Said } from "./said";
import type { SignInState } from "./sign-in-state";

const EMAIL = /^[^\s@]+@[^\s@]+$/;

const PASSWORD_ONLY: WaysToSignIn = { connection: null, password: true };

/** E-mail first, then what its domain allows: single sign-on, the password, or both; every answer says what happened and what to do. `next` is a path of ours. */
export function SignInForm({ next, zone, sendsMail }: { next: string; zone: string; sendsMail: boolean }) {
  const [state, submit, isPending] = useActionState<SignInState, FormData>(signInWithPassword, { status: "idle" });
  const [step, setStep] = useState<"email" | "password">("email");
  const [ways, setWays] = useState(PASSWORD_ONLY);
  const [isAsking, setAsking] = useState(false);
  // Sent before that the form would leave the page without what was typed.
  const [isListening, setListening] = useState(false);
  useEffect(() => setListening(true), []);
  const [email, setEmail] = useState("");
  const [emailError, setEmailError] = useState<string | null>(null);
  const [isPasswordMissing, setPasswordMissing] = useState(false);
  const passwordRef = useRef<HTMLDivElement>(null);
  const waitS = useCountdown(state);
  const isSignedIn = state.status === "signed_in";

  useEffect(() => {
    // A whole page load: nothing that was drawn for somebody else stays in this tab.
    if (state.status === "signed_in") window.location.replace(state.next);
  }, [state]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer puts the focus back into the field
  useEffect(() => {
    if (step === "password") passwordRef.current?.querySelector("input")?.focus();
  }, [step, state]);

  const passwordError = isPasswordMissing ? "The password is missing." : state.status === "wrong_pair" && !isPending ? WRONG_PAIR : null;

  const goOn = async (typed: string) => {
    setEmail(typed);
    if (!EMAIL.test(typed)) {
      setEmailError("An e-mail address has a name, an @ and a domain, such as lena@example.com.");
      return;
    }
    setEmailError(null);
    setAsking(true);
    // Without an answer the password stays: who enters it hears from the server.
    setWays(await findWays(typed).catch(() => PASSWORD_ONLY));
    setAsking(false);
    setStep("password");
  };

  const startWith = async ({ id }: { id: string }) => {
    setAsking(true);
    await startSignOn(id, next, "sign_in", email).catch(() => {
      setAsking(false);
      setEmailError("The server could not be reached. Try again.");
      setStep("email");
    });
  };

  return (
    <form
      className="mt-6 flex flex-col gap-4"
      action={submit}
      onSubmit={(event) => {
        if (step === "password" && ways.password) {
          const isMissing = passwordRef.current?.querySelector("input")?.value === "";
          setPasswordMissing(isMissing);
          if (isMissing) event.preventDefault();
          return;
        }
        event.preventDefault();
        // From the field itself: what was typed or filled in before this code listened counts too.
        if (step === "email") void goOn(String(new FormData(event.currentTarget).get("email") ?? "").trim());
      }}
      noValidate
    >
      <input type="hidden" name="next" value={next} />
      {step === "email" ? (
        <TextField id="email" label="E-mail address" type="email" autoComplete="username" autoFocus defaultValue={email} error={emailError} />
      ) : (
        <>
          {/* Not hidden by type: password managers look for the name beside the password. */}
          <input type="email" name="email" value={email} readOnly autoComplete="username" tabIndex={-1} aria-hidden="true" className="sr-only" />
          <p className="flex min-w-0 items-center gap-2">
            <span className="min-w-0 flex-1 truncate text-form text-ink" title={email}>
              {email}
            </span>
            <button type="button" className="link min-h-6" onClick={() => setStep("email")}>
              Use another
            </button>
          </p>
          {ways.connection && (
            <Button look={ways.password ? "plain" : "primary"} size="lg" disabled={isAsking} onClick={() => ways.connection && startWith(ways.connection)}>
              {isAsking ? "Going on" : `Continue with ${ways.connection.name}`}
            </Button>
          )}
          {ways.password && (
            <div ref={passwordRef}>
              <TextField id="password" label="Password" type="password" autoComplete="current-password" error={passwordError} />
            </div>
          )}
        </>
      )}
      <div aria-live="polite" className="empty:hidden">
        {!isPending && <Notice state={state} waitS={waitS} zone={zone} />}
      </div>
      {(step === "email" || ways.password) && (
        <Button type="submit" look="primary" size="lg" disabled={!isListening || isPending || isSignedIn || isAsking || (step === "password" && waitS > 0)}>
          {isPending || isSignedIn ? "Signing in" : step === "email" ? "Continue" : "Sign in"}
        </Button>
      )}
      {step === "password" &&
        ways.password &&
        (sendsMail ? (
          <p className="text-meta">
            <a className="link inline-block py-1" href="/sign-in/forgot">
              Forgot the password
            </a>
          </p>
        ) : (
          <details className="text-meta text-ink-3">
            <summary className="cursor-pointer py-1">Forgot the password</summary>
            <p className="pt-1">Ask a System Admin of your organization: they can make a link with which you set a new one.</p>
          </details>
        ))}
    </form>
  );
}

const WRONG_PAIR = "The e-mail address and the password don't belong together. Check both.";

function Notice({ state, waitS, zone }: { state: SignInState; waitS: number; zone: string }) {
  if (state.status === "throttled" && waitS > 0)
    return (
      <Said requestId={state.requestId}>
        Too many tries. The next one is possible in <b>{durationWords(waitS).replace(".0", "")}</b>.
      </Said>
    );
  if (state.status === "sso_required")
    return <Said requestId={state.requestId}>This account signs in by single sign-on. Use another address, or start again with this one.</Said>;
  if (state.status === "deactivated")
    return (
      <Said requestId={state.requestId}>
        This account ended{state.endedAt ? ` on ${shortTime(state.endedAt, Date.now(), zone).split(",")[0]}` : ""}. Ask your administrator.
      </Said>
    );
  if (state.status === "error")
    return (
      <Said requestId={state.requestId}>
        {state.message} {state.fix}
      </Said>
    );
  return null;
}

/** The seconds that are left of the last answer's wait. */
function useCountdown(state: SignInState): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (state.status !== "throttled") {
      setLeft(0);
      return;
    }
    const end = Date.now() + state.waitS * 1_000;
    const tick = () => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1_000)));
    tick();
    const timer = setInterval(tick, 250);
    return () => clearInterval(timer);
  }, [state]);
  return left;
}
