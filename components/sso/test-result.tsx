import Link from "next/link";
import { cx } from "@/components/ui/class-names";
import { Icon } from "@/components/ui/icon";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { type AttemptFacts, type AttributeMap, type ConnectionFacts, REFUSALS, type TestResult } from "@/lib/sso/schema";
import { roleTitle } from "@/components/access/grant-list";
import { providerName, ssoPath } from "./steps";

// What a test login found: what was sent and what becomes of it, the account, and the grants that would result.

const BECOMES: Record<keyof AttributeMap, string> = { email: "E-mail", name: "Name", givenName: "Given name", familyName: "Family name", groups: "Groups" };

/** A test login that came back: the verdict, and what was found. */
export function TestReport({ attempt, connection }: { attempt: AttemptFacts; connection: ConnectionFacts }) {
  return (
    <>
      <Verdict attempt={attempt} connection={connection} />
      {attempt.result && <TestFindings result={attempt.result} connection={connection} />}
    </>
  );
}

const LOOKS = {
  ok: { ground: "bg-ok-soft", hue: "text-ok", icon: "circle-check" },
  warn: { ground: "bg-warn-soft", hue: "text-warn", icon: "triangle-alert" },
  fail: { ground: "bg-fail-soft", hue: "text-fail", icon: "octagon-x" },
} as const;

function Verdict({ attempt, connection }: { attempt: AttemptFacts; connection: ConnectionFacts }) {
  const isAnswer = attempt.outcome === "tested";
  const isOld = connection.testedVersion !== connection.version;
  const gotIn = attempt.result?.account.effect !== "refused";
  const { ground, hue, icon } = LOOKS[!isAnswer ? "fail" : gotIn && !isOld ? "ok" : "warn"];
  const took = attempt.endedAt ? (Date.parse(attempt.endedAt) - Date.parse(attempt.at)) / 1_000 : 0;
  return (
    <div role={isAnswer ? "status" : "alert"} className={cx("flex flex-wrap items-start gap-x-2.5 gap-y-1 rounded-1 px-3.5 py-2.5 text-ink", ground)}>
      <Icon name={icon} className={cx("mt-0.5", hue)} />
      <span className="min-w-0 flex-1">
        {isAnswer ? (
          <>
            <b className="font-medium">A valid answer.</b> Nobody was signed in, nothing was changed.
            {gotIn ? isOld && " The connection was changed since: test it again." : " But who sent it would not get in."}
          </>
        ) : (
          <>
            <b className="font-medium">Refused.</b> {attempt.refusal ? (REFUSALS[attempt.refusal] ?? attempt.refusal) : "The sign-in was not finished."}{" "}
            <Link href={`${ssoPath(connection.slug, "attempts")}/${attempt.id}`} className="link">
              See its steps
            </Link>
          </>
        )}
      </span>
      <span className="text-meta whitespace-nowrap text-ink-2">
        <Time at={attempt.at} />
        {took > 0 && `, ${took.toFixed(1)} s`}
      </span>
    </div>
  );
}

function TestFindings({ result, connection }: { result: TestResult; connection: ConnectionFacts }) {
  return (
    <>
      {result.warnings.map((warning) => (
        <p key={warning} className="mt-3 flex items-start gap-2 rounded-1 bg-warn-soft px-3 py-2 text-ink">
          <Icon name="triangle-alert" className="mt-0.5 text-warn" />
          {warning}
        </p>
      ))}
      <div className="mt-5">
        <Section title={`What ${providerName(connection)} sent`} count="and what Reeve makes of it">
          <Sent result={result} attributes={connection.attributes} />
        </Section>
        <Section title="The account" count={result.email ?? undefined}>
          <Account result={result} connection={connection} />
        </Section>
        <Section title="Grants that would result" count="by group rules, at the next sign-in">
          <Grants result={result} />
        </Section>
      </div>
    </>
  );
}

function Sent({ result, attributes }: { result: TestResult; attributes: AttributeMap }) {
  const becomes = new Map(Object.entries(attributes).flatMap(([key, claim]) => (claim ? [[claim, key as keyof AttributeMap] as const] : [])));
  const missing = [...becomes].filter(([claim]) => !(claim in result.claims));
  const resultOf = (key: keyof AttributeMap, values: string[]) =>
    key === "groups"
      ? countWords(result.groups.length)
      : key === "email"
        ? (result.email ?? "none")
        : key === "name"
          ? (result.name ?? "none")
          : values.join(" ");
  const rows: [string, string, string, string, "ok" | "unused" | "missing"][] = [
    ["subject", result.subject, "Subject", "persistent id", "ok"],
    ...Object.entries(result.claims).map(([claim, values]): [string, string, string, string, "ok" | "unused"] => {
      const key = becomes.get(claim);
      return key ? [claim, values.join(", "), BECOMES[key], resultOf(key, values), "ok"] : [claim, values.join(", "), "–", "not mapped", "unused"];
    }),
    ...missing.map(([claim, key]): [string, string, string, string, "missing"] => [claim, "not sent", BECOMES[key], "–", "missing"]),
  ];
  return (
    <PlainTable
      label="What was sent"
      columns={[
        { label: "Attribute" },
        { label: "Value", className: "max-w-[260px] truncate" },
        { label: "", className: "w-8" },
        { label: "Becomes" },
        { label: "Result" },
        { label: " ", className: "w-8" },
      ]}
      rows={rows.map(([claim, value, target, outcome, state]) => ({
        key: claim,
        cells: [
          <code key="claim" className="text-ink" title={claim}>
            {claim.replace(/^https?:.*\//, "…/")}
          </code>,
          <span key="value" title={value} className={state === "missing" ? "text-warn" : undefined}>
            {value}
          </span>,
          <Icon key="arrow" name="arrow-right" size={14} className="text-ink-3" />,
          target,
          <span key="outcome" className={state === "ok" ? "text-ink" : "text-ink-3"}>
            {outcome}
          </span>,
          <Icon
            key="state"
            name={state === "ok" ? "circle-check" : state === "unused" ? "circle-minus" : "triangle-alert"}
            size={15}
            className={state === "ok" ? "text-ok" : state === "unused" ? "text-ink-3" : "text-warn"}
          />,
        ],
      }))}
    />
  );
}

function Account({ result: { account, email, name }, connection }: { result: TestResult; connection: ConnectionFacts }) {
  const who = name ?? email ?? "This person";
  const shown = account.principalId ? (
    <Link href={`/access/people/${account.principalId}`} className="link">
      {who}
    </Link>
  ) : (
    who
  );
  return (
    <p className="max-w-[72ch]">
      {account.effect === "existing" && <>{shown} is linked to this connection by its subject: a changed e-mail address makes no second account.</>}
      {account.effect === "linked" && <>{shown} has an account with this address already: the first sign-in links it.</>}
      {account.effect === "created" && <>{shown} has no account yet: the first sign-in makes one.</>}
      {account.effect === "refused" && (
        <>
          {shown} would be refused: {account.refusal ? (REFUSALS[account.refusal as keyof typeof REFUSALS] ?? account.refusal) : "no account results."}
          {account.refusal === "domain_not_proven" && (
            <>
              {" "}
              <Link href={ssoPath(connection.slug, "domains")} className="link">
                Prove it in step 6
              </Link>
              .
            </>
          )}
        </>
      )}
    </p>
  );
}

const SIGNS = { "=": { look: "bg-sunk", word: "stays" }, "+": { look: "bg-ok-soft", word: "is added" }, "-": { look: "bg-fail-soft", word: "ends" } } as const;

function Grants({ result: { grants, groups } }: { result: TestResult }) {
  const idle = groups.filter((group) => !grants.some((grant) => grant.via === group));
  if (grants.length === 0)
    return (
      <p className="text-ink-3">
        {groups.length === 0 ? "No groups came, so rules give nothing." : `None: no rule stands on ${groups.slice(0, 10).join(", ")}.`}
      </p>
    );
  return (
    <ul>
      {grants.map((grant) => (
        <li
          key={`${grant.change} ${grant.role} ${grant.scope} ${grant.via}`}
          className={cx("flex min-h-[30px] flex-wrap items-center gap-x-4 border-b border-paper px-2.5 py-1 text-ink", SIGNS[grant.change].look)}
        >
          <code aria-hidden="true" className={grant.change === "+" ? "text-ok" : grant.change === "-" ? "text-fail" : undefined}>
            {grant.change === "-" ? "−" : grant.change}
          </code>
          <span className="sr-only">{SIGNS[grant.change].word}</span>
          <b className="w-36 font-medium">{roleTitle(grant.role)}</b>
          <span className="flex-1">{grant.scope}</span>
          <span className="text-ink-2">{grant.change === "=" ? `${grant.via}, has it already` : grant.via}</span>
        </li>
      ))}
      {idle.length > 0 && (
        <li className="flex min-h-[30px] items-center justify-between gap-4 bg-sunk px-2.5 py-1 text-ink-2">
          <span>nothing</span>
          <span className="text-right">
            {idle.slice(0, 10).join(", ")}
            {idle.length > 10 && ` and ${countWords(idle.length - 10)} more`} {idle.length === 1 ? "has" : "have"} no rule
          </span>
        </li>
      )}
    </ul>
  );
}

/** Our own checks on the answer and on the connection. */
export function PassSheet({ checks }: { checks: TestResult["checks"] }) {
  return (
    <aside aria-label="Pass sheet" className="shrink-0 border-rule px-5 pt-4 pb-6 max-[1359px]:border-t min-[1360px]:w-[332px] min-[1360px]:border-l">
      <h2 className="mb-1 flex items-baseline gap-2.5 text-section">
        Pass sheet
        <span className="text-meta font-normal text-ink-3">
          {checks.filter((check) => check.ok).length} of {checks.length} hold
        </span>
      </h2>
      <ul>
        {checks.map((check) => (
          <li key={check.check} className="flex min-h-[31px] items-center gap-3 border-b border-rule py-1">
            <Icon name={check.ok ? "circle-check" : "triangle-alert"} size={15} className={check.ok ? "text-ok" : "text-warn"} />
            <span className="flex-1 text-ink">{check.check}</span>
            <span className="text-right text-ink-2">{check.detail}</span>
            <span className="sr-only">{check.ok ? "holds" : "needs attention"}</span>
          </li>
        ))}
      </ul>
    </aside>
  );
}
