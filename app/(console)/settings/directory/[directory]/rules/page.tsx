import type { Metadata } from "next";
import Link from "next/link";
import { roleTitle } from "@/components/access/grant-list";
import { scopeWords } from "@/components/access/grant-words";
import { directoryPath } from "@/components/directory/lists";
import { NameGroup } from "@/components/directory/name-group";
import { EndRule, MakeRule, WithdrawRule } from "@/components/group-rule/rule-act";
import { RuleForm } from "@/components/group-rule/rule-form";
import { RulePreview } from "@/components/group-rule/rule-preview";
import { draftOf } from "@/components/group-rule/rule-query";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import { CLAIMS } from "@/lib/directories/schema";
import { listGroupRules, listRuleChoices, previewGroupRule, previewRuleEnd } from "@/lib/group-rules/queries";
import { listWaitingRules } from "@/lib/group-rules/waiting-rules";
import type { GroupRule } from "@/lib/group-rules/schema";
import { page, type PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../../../attempt";
import { DirectoryFrame } from "../directory-frame";

export const metadata: Metadata = { title: "Group rules" };

/** What the groups of a directory give. A new rule, and the end of one, are previewed person by person first. */
export default page("group-rule:read", async (args) => (
  <DirectoryFrame
    args={args}
    tab="rules"
    draw={async (directory) => {
      const path = directoryPath(directory.id, "rules");
      const isOfClaims = directory.provider === CLAIMS;
      const may = { make: can(args.context.actor, "group-rule:create").allowed, end: can(args.context.actor, "group-rule:delete").allowed };
      const [rules, waiting, choices] = await Promise.all([
        ask(listGroupRules, args.context, { directoryId: directory.id }),
        ask(listWaitingRules, args.context, { directoryId: directory.id }),
        may.make ? ask(listRuleChoices, args.context, { directoryId: directory.id }) : null,
      ]);
      const ending = may.end ? rules.find((rule) => rule.id === args.searchParams.end) : undefined;
      const draft = may.make && !ending ? draftOf(args.searchParams) : undefined;
      return (
        <div className="pad-x pt-5 pb-10">
          {choices && (
            <Section title="New rule">
              {choices.groups.length === 0 ? (
                <p className="py-2 text-ink-3">
                  {isOfClaims
                    ? "No sign-in has brought a group yet: name the ones that will come."
                    : "The directory has sent no group yet: push one there first."}
                </p>
              ) : (
                <RuleForm path={path} choices={choices} draft={draft} />
              )}
              {isOfClaims && <NameGroup directoryId={directory.id} />}
              {draft && <NewRule args={args} draft={draft} path={path} />}
            </Section>
          )}
          {ending && <Ending args={args} rule={ending} path={path} />}
          <Section title="Rules" count={countWords(rules.length)}>
            {rules.length === 0 ? (
              <p className="py-2 text-ink-3">No group gives anything yet.</p>
            ) : (
              <PlainTable
                label="Rules"
                columns={[
                  { label: "Group" },
                  { label: "Gives" },
                  { label: "In" },
                  { label: "People", align: "right" },
                  { label: "Since" },
                  { label: "By" },
                  { label: "" },
                ]}
                rows={rules.map((rule) => ({
                  key: rule.id,
                  cells: [
                    <span key="group">
                      <span className="flex items-center gap-2">
                        {rule.group.name}
                        {rule.state === "dead" && (
                          <Badge tone="warn" icon="unlink">
                            gone: gives nothing
                          </Badge>
                        )}
                      </span>
                      {conflictsOf(rule).map((words) => (
                        <span key={words} className="block text-meta text-warn">
                          {words}
                        </span>
                      ))}
                    </span>,
                    rule.team ? (
                      <Link key="team" href={`/settings/teams/${rule.team.id}`} className="inline-flex min-h-6 items-center underline">
                        Team {rule.team.name}
                      </Link>
                    ) : (
                      giftWords(rule)
                    ),
                    rule.team ? "–" : scopeWords(rule),
                    countWords(rule.people),
                    <Time key="since" at={rule.createdAt} />,
                    rule.createdBy ?? "the set-up",
                    may.end ? (
                      <Link key="end" href={`${path}?end=${rule.id}`} className="inline-flex min-h-6 items-center underline">
                        End…
                      </Link>
                    ) : null,
                  ],
                }))}
              />
            )}
          </Section>
          {waiting.length > 0 && (
            <Section title="Waiting for their group" count={countWords(waiting.length)}>
              <p className="mb-2 max-w-[72ch] text-ink-3">
                The set-up file names groups that have not come yet. Each rule is made, and gives what it gives, when its group does.
              </p>
              <PlainTable
                label="Rules that wait"
                columns={[{ label: "Group" }, { label: "Will give" }, { label: "In" }, { label: "Since" }, { label: "" }]}
                rows={waiting.map((rule) => ({
                  key: rule.id,
                  cells: [
                    rule.group,
                    rule.team ? `Team ${rule.team}` : roleTitle(rule.role ?? ""),
                    rule.team ? "–" : scopeWords(rule),
                    <Time key="since" at={rule.since} />,
                    may.end ? <WithdrawRule key="withdraw" ruleId={rule.id} group={rule.group} /> : null,
                  ],
                }))}
              />
            </Section>
          )}
        </div>
      );
    }}
  />
));

const giftWords = ({ role, team }: GroupRule): string => (team ? `team ${team.name}` : roleTitle(role ?? ""));

/** What of a rule has another effect than it says. */
const conflictsOf = ({ denied, overlaps }: GroupRule): string[] => [
  ...(denied > 0 ? [`A deny grant takes it from ${counted(denied, "person", "people")}.`] : []),
  ...overlaps.map(
    ({ group, role, people }) => `${counted(people, "person also gets", "people also get")} ${roleTitle(role)} there through ${group}: the wider role holds.`,
  ),
];

async function NewRule({ args, draft, path }: { args: PageArguments; draft: NonNullable<ReturnType<typeof draftOf>>; path: string }) {
  const { data, failure } = await attempt(args.context, () => ask(previewGroupRule, args.context, draft));
  if (failure)
    return (
      <p role="alert" className="mt-3 text-fail">
        {failure.title} {failure.fix}
      </p>
    );
  return (
    <RulePreview title="What the rule would change" verb="gains" people={data.gains} total={data.total}>
      <MakeRule draft={draft} path={path} />
    </RulePreview>
  );
}

async function Ending({ args, rule, path }: { args: PageArguments; rule: GroupRule; path: string }) {
  const { losers, total } = await ask(previewRuleEnd, args.context, { ruleId: rule.id });
  return (
    <RulePreview title={`What ending ${rule.group.name} → ${giftWords(rule)} would change`} verb="loses" people={losers} total={total}>
      <EndRule ruleId={rule.id} path={path} />
    </RulePreview>
  );
}
