import Link from "next/link";
import type { ReactNode } from "react";
import { AttributesForm } from "@/components/sso/attributes-form";
import { Taken } from "@/components/sso/certificates";
import { AddDomain } from "@/components/sso/domain-acts";
import { DomainSection } from "@/components/sso/domain-section";
import { GiveStep } from "@/components/sso/give-step";
import { OidcForm } from "@/components/sso/oidc-form";
import { SamlForm } from "@/components/sso/saml-form";
import { StepBar } from "@/components/sso/step-list";
import { around, providerName, type StepId, ssoPath } from "@/components/sso/steps";
import { StartTest } from "@/components/sso/start-test";
import { EvidenceList, TestRecord } from "@/components/sso/test-evidence";
import { PassSheet, TestReport } from "@/components/sso/test-result";
import { ButtonLink } from "@/components/ui/button";
import { RefusedControl } from "@/components/ui/refused";
import { FactList } from "@/components/ui/facts";
import { can } from "@/lib/authz/can";
import type { CallContext } from "@/lib/kernel/command";
import { environment } from "@/lib/kernel/env";
import { ask } from "@/lib/kernel/query";
import { listEvidence } from "@/lib/sso/keep-test";
import { getLastTests } from "@/lib/sso/list-attempts";
import { previewEnforcement } from "@/lib/sso/queries";
import { type ConnectionFacts, PROTOCOLS, PROVIDERS, serviceAddresses } from "@/lib/sso/schema";
import { refusalOf } from "../../../../refusal";

/** What a step shows, with the way back and on below it. */
export async function drawStep(step: StepId, connection: ConnectionFacts, context: CallContext): Promise<ReactNode> {
  const refusal = refusalOf(context.actor, "sso-connection:update", {}, "Changing single sign-on is not in your role");
  switch (step) {
    case "provider":
      return (
        <Plain connection={connection} step={step}>
          <FactList
            facts={[
              { label: "Provider", value: PROVIDERS[connection.provider] },
              { label: "Protocol", value: PROTOCOLS[connection.protocol] },
              { label: "Name in addresses", value: <code>{connection.slug}</code> },
            ]}
          />
          <p className="mt-3 max-w-[72ch] text-ink-3">These stay as they are: the provider knows the connection by them. Its name is changed under Options.</p>
        </Plain>
      );
    case "give":
      return (
        <Plain connection={connection} step={step}>
          <GiveStep connection={connection} our={serviceAddresses(environment().url, connection.slug)} />
        </Plain>
      );
    case "take":
      return connection.protocol === "oidc" ? (
        <OidcForm connection={connection} refusal={refusal} />
      ) : (
        <>
          {connection.settings && (
            <div className="px-6 pt-4 max-md:px-4">
              <Taken settings={connection.settings} certificates={connection.certificates} now={Date.now()} />
            </div>
          )}
          <SamlForm connection={connection} refusal={refusal} />
        </>
      );
    case "attributes": {
      const { sent } = await ask(getLastTests, context, { connectionId: connection.id });
      return <AttributesForm connection={connection} sent={sent?.result?.claims ?? null} refusal={refusal} />;
    }
    case "test":
      return <TestStep connection={connection} context={context} />;
    case "domains": {
      const mayEnforce = can(context.actor, "sso-connection:enforce").allowed;
      const previews = await Promise.all(
        connection.domains.map(({ id, proof }) => (mayEnforce && proof !== null ? ask(previewEnforcement, context, { domainId: id }) : null)),
      );
      return (
        <Plain connection={connection} step={step} act={refusal === null && <AddDomain connectionId={connection.id} />}>
          {connection.domains.length === 0 && (
            <p className="max-w-[72ch]">
              Add the domains of your people's e-mail addresses and prove that they are yours. Only then does a sign-in through this connection lead to an
              account.
            </p>
          )}
          {connection.domains.map((domain, at) => (
            <DomainSection key={domain.id} domain={domain} preview={previews[at] ?? null} mayChange={refusal === null} />
          ))}
        </Plain>
      );
    }
  }
}

async function TestStep({ connection, context }: { connection: ConnectionFacts; context: CallContext }) {
  const [{ last }, evidence] = await Promise.all([
    ask(getLastTests, context, { connectionId: connection.id }),
    ask(listEvidence, context, { connectionId: connection.id }),
  ]);
  const refusal = refusalOf(context.actor, "sso-connection:test", {}, "Testing single sign-on is not in your role");
  const label = "Start the test login";
  return (
    <>
      <div className="flex flex-1 flex-col min-[1360px]:flex-row">
        <div className="min-w-0 flex-1 px-6 pt-4 pb-6 max-md:px-4">
          {last ? (
            <>
              <TestReport attempt={last} connection={connection} />
              <TestRecord attempt={last} connection={connection} mayKeep={refusal === null} />
            </>
          ) : (
            <p className="max-w-[72ch]">
              Sign in at {providerName(connection)} as anybody, yourself say. Reeve then shows what was sent, which account it leads to and which roles it would
              give. Nobody is signed in by it, and nothing is changed.
            </p>
          )}
          {connection.missing !== null && <p className="mt-3 text-warn">{connection.missing}</p>}
          {connection.domains.every((domain) => domain.proof === null) && (
            <p className="mt-3 max-w-[72ch]">
              No domain is proven yet, so the test will end without an account.{" "}
              <Link href={ssoPath(connection.slug, "domains")} className="link">
                Prove one in step 6
              </Link>{" "}
              first.
            </p>
          )}
          <EvidenceList rows={evidence} connection={connection} />
        </div>
        {last?.result && <PassSheet checks={last.result.checks} />}
      </div>
      <Bar
        connection={connection}
        step="test"
        isQuiet={connection.testedVersion !== connection.version}
        act={
          connection.missing === null &&
          (refusal ? (
            <RefusedControl label={label} refusal={refusal} />
          ) : (
            <StartTest connectionId={connection.id} slug={connection.slug} isAgain={connection.testedVersion === connection.version} />
          ))
        }
      />
    </>
  );
}

function Plain({ connection, step, act, children }: { connection: ConnectionFacts; step: StepId; act?: ReactNode; children: ReactNode }) {
  return (
    <>
      <div className="px-6 pt-4 pb-6 max-md:px-4">{children}</div>
      <Bar connection={connection} step={step} act={act} />
    </>
  );
}

/** `isQuiet`: the act is what comes next, not going on. */
function Bar({ connection, step, act, isQuiet = false }: { connection: ConnectionFacts; step: StepId; act?: ReactNode; isQuiet?: boolean }) {
  const { back, next } = around(step);
  return (
    <StepBar>
      {back && (
        <ButtonLink size="lg" href={ssoPath(connection.slug, back)}>
          Back
        </ButtonLink>
      )}
      <span className="flex-1" />
      {act}
      {next && (
        <ButtonLink size="lg" look={isQuiet ? "plain" : "primary"} href={ssoPath(connection.slug, next)}>
          Continue
        </ButtonLink>
      )}
    </StepBar>
  );
}
