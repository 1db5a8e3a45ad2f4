import type { Metadata } from "next";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { PREFERENCE_COOKIES, readPreferences } from "@/components/shell/preferences";
import { Mark } from "@/components/ui/icon";
import { shortTime } from "@/components/ui/time-words";
import { knownDevice } from "@/lib/identity/known-device";
import { ownPath } from "@/lib/identity/next-path";
import { sessionActor } from "@/lib/identity/session";
import { sendsMail } from "@/lib/mail/mail";
import { isUuid } from "@/lib/kernel/id";
import { getSetUpFacts } from "@/lib/organizations/get-set-up-facts";
import { REFUSALS } from "@/lib/sso/schema";
import { connectionOfSlug, isAnyEnforced, refusalOfAttempt } from "@/lib/sso/ways-to-sign-in";
import { GoOn } from "./go-on";
import { Said } from "./said";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

/** Public: this is where one proves who one is. */
export default async function SignInPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const [{ next, callbackUrl, attempt, error, connection: slug }, store] = await Promise.all([searchParams, cookies()]);
  const [facts, actor, refused, connection, isEnforced] = await Promise.all([
    getSetUpFacts(),
    sessionActor(store),
    typeof attempt === "string" && isUuid(attempt) ? refusalOfAttempt(attempt) : undefined,
    typeof slug === "string" ? connectionOfSlug(slug) : undefined,
    isAnyEnforced(),
  ]);
  const why = refused ?? refusalInWords(error);
  const goTo = ownPath(next ?? pathOf(callbackUrl));
  if (!facts) redirect("/setup");
  const device = knownDevice(store);
  const { zone } = readPreferences((name) => store.get(name)?.value ?? (name === PREFERENCE_COOKIES.zone ? "UTC" : undefined));
  return (
    <main id="main" className="mx-auto flex w-full max-w-[360px] flex-col px-4 pt-[22vh] pb-16 md:px-0">
      <Mark size={28} className="text-ink" />
      <h1 className="mt-4 text-title break-words">{facts.organization}</h1>
      <p className="mt-1">
        {actor ? (
          <>
            You are signed in as <b>{actor.fullName || actor.name}</b>. Signing in again ends that session.{" "}
            <a className="link" href={goTo}>
              Go on as you are
            </a>
          </>
        ) : (
          "Sign in to see what ran, with what and by whom."
        )}
      </p>
      {why && (
        <div className="mt-4">
          <Said requestId={why.requestId}>
            Single sign-on refused: {why.text}
            {why.requestId && " Your administrator finds this try, with its steps, among the connection's attempts."}
          </Said>
        </div>
      )}
      {connection && !why ? <GoOn connection={connection} next={goTo} /> : <SignInForm next={goTo} zone={zone} sendsMail={sendsMail()} />}
      {isEnforced && (
        <p className="mt-6 border-t border-rule pt-3 text-meta text-ink-3">
          When the identity provider can't be reached, a System Admin gets in by the <b>emergency sign-in</b>: <code>reeve emergency-login</code> on the server
          prints a link.
        </p>
      )}
      {device && (
        <p className="mt-6 border-t border-rule pt-3 text-meta text-ink-3">
          Last sign-in of this browser: {shortTime(new Date(device.signedInAt).toISOString(), Date.now(), zone)} {zone === "UTC" ? "UTC" : `(${zone})`}
        </p>
      )}
    </main>
  );
}

/** A refusal that belongs to no attempt; what else stands in the address is the session library's own word for a failure. */
function refusalInWords(error: string | string[] | undefined): { text: string; requestId?: string } | undefined {
  if (typeof error !== "string") return undefined;
  return { text: Object.hasOwn(REFUSALS, error) ? REFUSALS[error as keyof typeof REFUSALS] : "The sign-in was not completed. Start it again here." };
}

/** The session library names the whole address that it came from. */
function pathOf(address: string | string[] | undefined): string | undefined {
  if (typeof address !== "string" || !URL.canParse(address)) return undefined;
  const { pathname, search } = new URL(address);
  return pathname + search;
}
