import type { Metadata } from "next";
import Link from "next/link";
import type { ReactNode } from "react";
import { DevicesSection } from "@/components/account/devices-section";
import { GrantsSection } from "@/components/account/grants-section";
import { PasswordForm } from "@/components/account/password-form";
import { PreferencesForm } from "@/components/account/preferences-form";
import { ProfileForm } from "@/components/account/profile-form";
import { SessionsSection } from "@/components/account/sessions-section";
import { SignOnsSection } from "@/components/account/sign-ons-section";
import { TokensSection } from "@/components/account/tokens-section";
import { ConsolePage } from "@/components/shell/console-page";
import { Poll } from "@/components/table/poll";
import { FactList } from "@/components/ui/facts";
import { PageHead, Section } from "@/components/ui/page-head";
import { LinkTabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { listGrants } from "@/lib/access/list-grants";
import { listRequests } from "@/lib/access/list-requests";
import { myProfile, mySessions } from "@/lib/account/queries";
import { ROLES } from "@/lib/authz/permissions";
import { roleTitle } from "@/lib/authz/role-rule";
import { myDevices } from "@/lib/devices/queries";
import { displayName } from "@/lib/identity/actor";
import type { CallContext } from "@/lib/kernel/command";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { mySignOns } from "@/lib/sso/my-sign-ons";
import { myTokens, tokenPlaces } from "@/lib/tokens/queries";
import { attempt } from "../attempt";
import { FailureState } from "@/components/ui/failure-state";

export const metadata: Metadata = { title: "My account" };

const TABS = ["profile", "sessions", "devices", "tokens", "access", "preferences"] as const;
type Tab = (typeof TABS)[number];
const TITLES: Record<Tab, string> = {
  profile: "Profile",
  sessions: "Sessions",
  devices: "Devices",
  tokens: "Personal tokens",
  access: "My access",
  preferences: "Preferences",
};

/** Everything that is mine: who I am, where I am signed in, what acts as me, what I may do. */
export default page("session:read", async ({ context, searchParams }) => {
  const tab = TABS.find((known) => known === searchParams.tab) ?? "profile";
  const { data, failure } = await attempt(context, () => CONTENTS[tab](context));
  return (
    <ConsolePage crumbs={[{ label: "My account" }]}>
      <PageHead
        title={displayName(context.actor)}
        below="My account"
        actions={
          <Link className="link" href={`/audit?${new URLSearchParams({ f: `actor~is~${displayName(context.actor)}` })}`}>
            My acts
          </Link>
        }
      />
      <LinkTabs
        label="My account"
        tabs={TABS.map((one) => ({ href: one === "profile" ? "/account" : `/account?tab=${one}`, label: TITLES[one], isCurrent: one === tab }))}
      />
      {failure ? <FailureState failure={failure} /> : <div className="pad-x pt-4 pb-16">{data}</div>}
      {tab === "sessions" && <Poll seconds={20} />}
    </ConsolePage>
  );
});

const myGrants = (context: CallContext) =>
  ask(listGrants, context, { conditions: [], sort: { field: "since", direction: "desc" }, limit: 200, principalId: context.actor.id });
const first = { sort: { field: "created", direction: "desc" }, limit: 200 } as const;
const column = (children: ReactNode) => <div className="max-w-[640px]">{children}</div>;

const CONTENTS: Record<Tab, (context: CallContext) => Promise<ReactNode>> = {
  profile: async (context) => {
    const [profile, grants, signOns] = await Promise.all([ask(myProfile, context, {}), myGrants(context), ask(mySignOns, context, {})]);
    return column(
      <>
        <Section title="Profile">
          <FactList
            facts={[
              { label: "Signs in with", value: profile.email ?? profile.name },
              {
                label: "Roles",
                value: (
                  <Link className="link" href="/account?tab=access">
                    {[...new Set(grants.rows.map((grant) => `${roleTitle(grant.role)}${grant.workspace ? ` in ${grant.workspace}` : ""}`))].join(", ") ||
                      "none yet"}
                  </Link>
                ),
              },
              { label: "Member since", value: <Time at={profile.createdAt} /> },
            ]}
          />
          <p className="mt-1 mb-4 text-meta text-ink-3">The address is changed by a System Admin.</p>
          <ProfileForm fullName={profile.fullName} />
        </Section>
        {signOns.length > 0 && <SignOnsSection signOns={signOns} />}
        {profile.hasPassword && (
          <Section title="Password" count={profile.passwordChangedAt ? undefined : "never changed"}>
            {profile.passwordChangedAt && (
              <p className="mb-3 text-ink-3">
                Last changed <Time at={profile.passwordChangedAt} />
              </p>
            )}
            <PasswordForm />
          </Section>
        )}
      </>,
    );
  },
  sessions: async (context) => <SessionsSection sessions={await ask(mySessions, context, {})} />,
  devices: async (context) => {
    const [devices, { places }] = await Promise.all([ask(myDevices, context, {}), ask(tokenPlaces, context, {})]);
    const loginCommand = places[0] ? `zenml login ${serverUrl()}/${places[0].slug}` : null;
    return <DevicesSection devices={devices} loginCommand={loginCommand} now={Date.now()} />;
  },
  tokens: async (context) => {
    const [tokens, making] = await Promise.all([ask(myTokens, context, {}), ask(tokenPlaces, context, {})]);
    return <TokensSection tokens={tokens} {...making} serverUrl={serverUrl()} />;
  },
  access: async (context) => {
    const [grants, requests] = await Promise.all([myGrants(context), ask(listRequests, context, { conditions: [], ...first, which: "mine" })]);
    const titles = Object.fromEntries(Object.entries(ROLES).map(([id, role]) => [id, role.title]));
    return <GrantsSection grants={grants.rows} requests={requests.rows} titles={titles} />;
  },
  preferences: async () =>
    column(
      <Section title="In this browser">
        <PreferencesForm zones={Intl.supportedValuesOf("timeZone")} />
      </Section>,
    ),
};

const serverUrl = () => environment().url.replace(/\/$/, "");
