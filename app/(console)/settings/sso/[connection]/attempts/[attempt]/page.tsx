import type { Metadata } from "next";
import Link from "next/link";
import { MODES } from "@/components/sso/lists";
import { ssoPath } from "@/components/sso/steps";
import { TestRecord } from "@/components/sso/test-evidence";
import { PassSheet, TestReport } from "@/components/sso/test-result";
import { ButtonLink } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { FactsStrip } from "@/components/ui/facts";
import { Icon } from "@/components/ui/icon";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getAttempt } from "@/lib/sso/list-attempts";
import { REFUSALS } from "@/lib/sso/schema";
import { ConnectionFrame } from "../../connection-frame";

export const metadata: Metadata = { title: "Attempt at signing in" };

/** One attempt: how far it came and why it ended, without secrets. */
export default page("sso-connection:read", async (args) => (
  <ConnectionFrame
    args={args}
    tab="attempts"
    draw={async (connection) => {
      const attempt = await ask(getAttempt, args.context, { connectionId: connection.id, attemptId: args.params.attempt ?? "" });
      return (
        <>
          <FactsStrip
            facts={[
              { label: "Outcome", value: <Status state={attempt.outcome} /> },
              { label: "Kind", value: MODES[attempt.mode] },
              {
                label: "Who",
                value: attempt.principalId ? (
                  <Link href={`/access/people/${attempt.principalId}`} className="link">
                    {attempt.who}
                  </Link>
                ) : (
                  (attempt.email ?? "not known")
                ),
              },
              { label: "When", value: <Time at={attempt.at} /> },
              { label: "From", value: attempt.address ?? "–" },
              { label: "Request id", value: <code>{attempt.requestId}</code> },
            ]}
          />
          {attempt.result && (
            <div className="mt-4 flex flex-col border-t border-rule min-[1360px]:flex-row">
              <div className="pad-x min-w-0 flex-1 pt-4 pb-6">
                <TestReport attempt={attempt} connection={connection} />
                <ButtonLink
                  look="primary"
                  size="lg"
                  className="mt-5"
                  href={ssoPath(connection.slug, connection.testedVersion === connection.version ? "domains" : "test")}
                >
                  Go on with the set-up
                </ButtonLink>
              </div>
              <PassSheet checks={attempt.result.checks} />
            </div>
          )}
          {attempt.mode === "test" && (
            <div className="pad-x pb-5">
              <TestRecord attempt={attempt} connection={connection} mayKeep={can(args.context.actor, "sso-connection:test").allowed} />
            </div>
          )}
          <div className={cx("pad-x pt-5 pb-10", attempt.result && "border-t border-rule")}>
            {attempt.refusal && (
              <p className="mb-4 flex max-w-[72ch] items-start gap-2 text-ink">
                <Icon name="shield-x" className="mt-0.5 text-fail" />
                {REFUSALS[attempt.refusal] ?? attempt.refusal}
              </p>
            )}
            <Section title="Steps">
              {attempt.steps.length === 0 ? (
                <p className="py-2 text-ink-3">It came to no step: nobody came back from the identity provider.</p>
              ) : (
                <PlainTable
                  label="Steps"
                  columns={[{ label: "", className: "w-7" }, { label: "Step" }, { label: "Detail" }, { label: "When" }]}
                  rows={attempt.steps.map((step, at) => ({
                    key: `${at} ${step.step}`,
                    cells: [
                      <Icon key="state" name={step.ok ? "circle-check" : "octagon-x"} size={15} className={step.ok ? "text-ok" : "text-fail"} />,
                      <span key="step" className="text-ink">
                        {step.step}
                        <span className="sr-only">{step.ok ? ", held" : ", failed"}</span>
                      </span>,
                      step.detail ?? "–",
                      <Time key="at" at={step.at} />,
                    ],
                  }))}
                />
              )}
            </Section>
          </div>
        </>
      );
    }}
  />
));
