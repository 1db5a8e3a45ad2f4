/*
 * npm run bench:decisions: how long a decision takes once grants are loaded, and how long loading them takes, in an organization of 10,000 people
 * in 500 groups of a directory with rules, 250 teams, 20 roles of its own and 100 workspaces. It needs no build and no server.
 * docs/performance.md says how to read it.
 */
import type pg from "pg";
import { can } from "@/lib/authz/can";
import { PERMISSIONS, type Permission } from "@/lib/authz/permissions";
import { clonedRights } from "@/lib/authz/role-rule";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { newId } from "@/lib/kernel/id";
import { inScope } from "@/lib/kernel/transaction";
import { alone } from "./alone";
import { percentile } from "./load";
import type { Verdicts } from "./verdicts";

const PEOPLE = 10_000;
const GROUPS = 500;
const WORKSPACES = 100;
const GROUPS_OF_A_PERSON = 6;
const LOADS = 3_000;
const DECISIONS = 1_000_000;
const DECISION_MS = 0.2;
const LOADING_MS = 3;

type Figures = { p95: number; p99: number };

await alone(async ({ owner, verdicts }) => {
  const { everybody, heavy } = await fill(owner);
  console.log("| what | p50 | p95 | p99 | most |\n|---|---:|---:|---:|---:|");
  const few = await loading("one of all people", everybody);
  verdicts.atMost("loading grants, p95 in ms", few.figures.p95, LOADING_MS);
  verdicts.atMost("a decision in memory, p99 in ms", decisions(verdicts, "one of all people", few.actors).p99, DECISION_MS);
  const many = await loading("one of the ten in every fifth group", heavy);
  decisions(verdicts, "one of the ten in every fifth group", many.actors);
});

/** Makes the organization; gives some of its people by chance, and the ten with the most grants over and over. Odd groups fill a team with two grants, even ones give a role. */
async function fill(owner: pg.Client): Promise<{ everybody: string[]; heavy: string[] }> {
  const organization = newId();
  await owner.query("insert into organization (id, name) values ($1, 'Bench')", [organization]);
  const run = (text: string) => owner.query(text.replaceAll("$ORG", `'${organization}'::uuid`));
  await run(`create temp table w as select n, gen_random_uuid() as id from generate_series(0, ${WORKSPACES - 1}) n;
    create temp table p as select n, gen_random_uuid() as id from generate_series(0, ${PEOPLE - 1}) n;
    insert into workspace (id, organization_id, slug, display_name) select id, $ORG, 'w-' || n, 'W' from w;
    insert into principal (id, organization_id, kind, name, email) select id, $ORG, 'user', 'p-' || n, 'p-' || n || '@example.com' from p`);
  for (let role = 0; role < 20; role++) {
    await owner.query("insert into custom_role (organization_id, name, base) values ($1, $2, 'contributor')", [organization, `role-${role}`]);
    await owner.query("insert into custom_role_revision (organization_id, role, number, summary, rights, request_id) values ($1, $2, 1, '', $3, 'bench')", [
      organization,
      `role-${role}`,
      JSON.stringify(clonedRights("contributor")),
    ]);
  }
  const role = (n: string) =>
    `case when ${n} % 5 = 0 then 'role-' || (${n} % 20) else (array['viewer', 'contributor', 'stack-admin', 'approver'])[1 + ${n} % 4] end`;
  await run(`insert into directory (id, organization_id, slug, name, provider) values (gen_random_uuid(), $ORG, 'okta', 'Okta', 'okta');
    insert into directory_group (id, directory_id, display_name) select gen_random_uuid(), d.id, 'g-' || n from directory d, generate_series(0, ${GROUPS - 1}) n;
    create temp table g as select id, substr(display_name, 3)::int as n from directory_group;
    insert into team (id, organization_id, name) select gen_random_uuid(), $ORG, 't-' || n from g where n % 2 = 1;
    create temp table t as select id, substr(name, 3)::int as n from team;
    insert into team_grant (id, organization_id, team_id, role, scope_kind, workspace_ref, source)
      select gen_random_uuid(), $ORG, t.id, ${role("(t.n + k)")}, 'workspace', w.id, 'person' from t, generate_series(0, 1) k join w on true where w.n = (t.n * 7 + k) % ${WORKSPACES};
    insert into group_rule (id, organization_id, group_id, role, team_id, scope_kind, workspace_ref)
      select gen_random_uuid(), $ORG, g.id, case when t.id is null then ${role("g.n")} end, t.id, case when t.id is null then 'workspace' else 'organization' end,
        case when t.id is null then w.id end from g left join t on t.n = g.n join w on w.n = g.n % ${WORKSPACES};
    create temp table m as select distinct p.id as principal_id, r.id as rule_id, r.team_id, r.role, r.workspace_ref
      from p, generate_series(0, ${GROUPS_OF_A_PERSON - 1}) k, g join group_rule r on r.group_id = g.id
      where g.n = (p.n * 31 + k * 97) % ${GROUPS} or (p.n % 1000 = 0 and g.n % 5 = k);
    insert into team_member (id, team_id, principal_id, group_rule_id, source) select gen_random_uuid(), team_id, principal_id, rule_id, 'group_rule' from m where team_id is not null;
    insert into role_grant (id, organization_id, principal_id, role, scope_kind, workspace_ref, source, group_rule_id)
      select gen_random_uuid(), $ORG, principal_id, role, 'workspace', workspace_ref, 'group_rule', rule_id from m where team_id is null;
    insert into role_grant (id, organization_id, principal_id, role, scope_kind, workspace_ref, source, team_grant_id)
      select gen_random_uuid(), $ORG, m.principal_id, tg.role, 'workspace', tg.workspace_ref, 'team', tg.id from m join team_grant tg on tg.team_id = m.team_id;
    insert into role_grant (id, organization_id, principal_id, role, scope_kind, workspace_ref, source, valid_to)
      select gen_random_uuid(), $ORG, p.id, 'contributor', 'workspace', w.id, 'person', now() - interval '1 day' from p, w where w.n < 3;
    insert into role_grant (id, organization_id, principal_id, role, effect, scope_kind, workspace_ref, source)
      select gen_random_uuid(), $ORG, p.id, 'contributor', 'deny', 'workspace', w.id, 'person' from p join w on w.n = p.n % ${WORKSPACES} where p.n % 50 = 0`);
  await owner.query("analyze");
  const { rows } = await owner.query<{ id: string; grants: number }>(
    "select principal_id as id, count(*)::int as grants from role_grant where valid_to is null group by 1 order by 2 desc",
  );
  const total = rows.reduce((sum, row) => sum + row.grants, 0);
  console.log(`${total.toLocaleString("en")} open grants, ${(total / rows.length).toFixed(1)} a person, ${rows[0]?.grants} at most.\n`);
  const everybody = Array.from({ length: LOADS }, (_, n) => rows[(n * 7919) % rows.length]?.id as string);
  return { everybody, heavy: Array.from({ length: LOADS / 10 }, (_, n) => rows[n % 10]?.id as string) };
}

/** Loads people as each request does, in a transaction that is open already. */
async function loading(whose: string, people: readonly string[]): Promise<{ actors: Actor[]; figures: Figures }> {
  const credential = { kind: "session" as const, id: newId(), label: "bench" };
  const times: number[] = [];
  const actors: Actor[] = [];
  for (const [n, id] of [...people.slice(0, 300), ...people].entries())
    await inScope([], async (tx) => {
      const began = performance.now();
      const actor = await loadActor(tx, id, credential);
      if (n >= 300) times.push(performance.now() - began);
      if (actor) actors.push(actor);
    });
  return { actors, figures: print(`loading the grants of ${whose}, ms`, times, 1) };
}

/** Decides permission after permission at places that the person's grants reach, and at others. */
function decisions(verdicts: Verdicts, whose: string, actors: readonly Actor[]): Figures {
  const places = [...new Set(actors.flatMap((actor) => actor.grants.flatMap((grant) => grant.workspaceId ?? [])))];
  const times: number[] = [];
  let allowed = 0;
  for (let n = -50_000; n < DECISIONS; n++) {
    const actor = actors[Math.abs(n * 13) % actors.length] as Actor;
    const permission = PERMISSIONS[Math.abs(n * 7) % PERMISSIONS.length] as Permission;
    const grant = actor.grants[Math.abs(n) % actor.grants.length];
    const target = { workspaceId: n % 3 === 0 ? places[Math.abs(n) % places.length] : grant?.workspaceId, ownerId: n % 2 === 0 ? actor.id : null };
    const began = performance.now();
    const decision = can(actor, permission, target);
    const took = performance.now() - began;
    if (n >= 0) times.push(took);
    if (decision.allowed) allowed++;
  }
  if (allowed === 0) verdicts.failed("decisions", "nothing was allowed");
  return print(`a decision on ${whose}, µs`, times, 1000);
}

function print(what: string, times: number[], factor: number): Figures {
  times.sort((a, b) => a - b);
  const at = (share: number) => percentile(times, share);
  console.log(`| ${what} (${times.length.toLocaleString("en")}) | ${[at(50), at(95), at(99), at(100)].map((ms) => (ms * factor).toFixed(2)).join(" | ")} |`);
  return { p95: at(95), p99: at(99) };
}
