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
import { getSetUpFacts } from "@/lib/organizations/get-set-up-facts";
import { SignInForm } from "./sign-in-form";

export const metadata: Metadata = { title: "Sign in" };

/** Public: this is where one proves who one is. */
export default async function SignInPage({ searchParams }: { searchParams: Promise<Record<string, string | string[] | undefined>> }) {
  const [{ next }, store] = await Promise.all([searchParams, cookies()]);
  const [facts, actor] = await Promise.all([getSetUpFacts(), sessionActor(store)]);
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
            <a className="link" href={ownPath(next)}>
              Go on as you are
            </a>
          </>
        ) : (
          "Sign in to see what ran, with what and by whom."
        )}
      </p>
      <SignInForm next={ownPath(next)} zone={zone} sendsMail={sendsMail()} />
      {device && (
        <p className="mt-6 border-t border-rule pt-3 text-meta text-ink-3">
          Last sign-in of this browser: {shortTime(new Date(device.signedInAt).toISOString(), Date.now(), zone)} {zone === "UTC" ? "UTC" : `(${zone})`}
        </p>
      )}
    </main>
  );
}
