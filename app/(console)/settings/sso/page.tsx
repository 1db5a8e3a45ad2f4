import type { Metadata } from "next";
import Link from "next/link";
import { endsSoon } from "@/components/sso/certificates";
import { ConnectionBadge } from "@/components/sso/connection-state";
import { ssoPath } from "@/components/sso/steps";
import { ConsolePage } from "@/components/shell/console-page";
import { ButtonLink } from "@/components/ui/button";
import { FailureState } from "@/components/ui/failure-state";
import { PageHead } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { listConnections } from "@/lib/sso/queries";
import { type ConnectionSummary, PROTOCOLS } from "@/lib/sso/schema";
import { attempt } from "../../attempt";
import { refusalOf } from "../../refusal";

export const metadata: Metadata = { title: "Single sign-on" };

/** The connections to identity providers. */
export default page("sso-connection:read", async ({ context, place }) => {
  const { data: connections, failure } = await attempt(context, () => ask(listConnections, context, {}));
  const refusal = refusalOf(context.actor, "sso-connection:create", {}, "Connecting an identity provider is not in your role");
  const label = "Connect a provider";
  return (
    <ConsolePage crumbs={[{ label: place.organization.name, href: "/" }, { label: "Single sign-on" }]}>
      <PageHead
        title="Single sign-on"
        below="People sign in with your identity provider, over SAML 2.0 or OpenID Connect; per domain that can be made the only way."
        actions={
          refusal ? (
            <RefusedControl label={label} refusal={refusal} />
          ) : (
            <ButtonLink look="primary" icon="plus" href="/settings/sso/new">
              {label}
            </ButtonLink>
          )
        }
      />
      <div className="pad-x pt-5 pb-10">
        {failure ? (
          <FailureState failure={failure} />
        ) : connections.length === 0 ? (
          <EmptyState title="No identity provider is connected.">
            <p className="max-w-[72ch]">
              Connect Okta, Microsoft Entra ID, Google Workspace, Keycloak or any other. Six steps, each saved, with a test login before anything changes for
              anybody.
            </p>
          </EmptyState>
        ) : (
          <PlainTable
            label="Connections"
            columns={[
              { label: "Connection" },
              { label: "State" },
              { label: "Protocol", className: "whitespace-nowrap" },
              { label: "Domains" },
              { label: "Enforced" },
              { label: "People, 30 days", align: "right" },
              { label: "Last sign-in", className: "whitespace-nowrap" },
              { label: "Last refused", className: "whitespace-nowrap" },
              { label: "Certificate ends", className: "whitespace-nowrap" },
              { label: "Pass sheet", className: "whitespace-nowrap" },
            ]}
            rows={connections.map((connection) => ({ key: connection.id, cells: cellsOf(connection) }))}
          />
        )}
      </div>
    </ConsolePage>
  );
});

function cellsOf({ slug, name, state, protocol, domains, people, lastSignInAt, lastRefusedAt, certificateEndsAt, checks }: ConnectionSummary) {
  const names = (all: ConnectionSummary["domains"]) => all.map((one) => one.domain).join(", ") || "–";
  const unproven = domains.filter((one) => !one.isProven).length;
  return [
    <Link key="name" href={ssoPath(slug)} className="inline-flex min-h-6 items-center text-ink underline">
      {name}
    </Link>,
    <ConnectionBadge key="state" state={state} />,
    PROTOCOLS[protocol],
    <span key="domains">
      {names(domains)}
      {unproven > 0 && <span className="text-warn"> ({unproven} not proven)</span>}
    </span>,
    names(domains.filter((one) => one.isEnforced)),
    <Link key="people" href={ssoPath(slug, "people")} className="inline-flex min-h-6 items-center text-ink underline">
      {countWords(people)}
    </Link>,
    lastSignInAt ? <Time key="last" at={lastSignInAt} /> : "never",
    lastRefusedAt ? (
      <Link key="refused" href={`${ssoPath(slug, "attempts")}?f=outcome~is~refused`} className="inline-flex min-h-6 items-center text-ink underline">
        <Time at={lastRefusedAt} />
      </Link>
    ) : (
      "never"
    ),
    certificateEndsAt ? (
      <span key="ends" className={endsSoon(certificateEndsAt, Date.now()) ? "text-warn" : undefined}>
        <Time at={certificateEndsAt} />
      </span>
    ) : (
      "–"
    ),
    checks ? (
      <Link key="checks" href={ssoPath(slug, "test")} className="inline-flex min-h-6 items-center text-ink underline">
        {checks.held} of {checks.of} hold
      </Link>
    ) : (
      "not tested"
    ),
  ];
}
