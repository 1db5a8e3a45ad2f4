import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { ROLE_IDS, rightsOf } from "@/lib/authz/permissions";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { tries } from "@/lib/kernel/soak";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { couldPeople } from "./could-people";
import { couldRuns } from "./could-runs";
import { getSecretLedger } from "./get-ledger";
import { listLedgerRuns } from "./list-ledger-runs";

// The ledger's answers against a walk over every moment of a made-up history: bindings, stacks' parts, owners, grants that come and go.

const db = useTestDatabase();
const DAY = 86_400_000;
const START = Date.parse("2026-01-01T00:00:00Z");
const DAYS = 60;
let acme: TestOrganization;

/** The same numbers in every run of the test. */
let seed = 20261128;
const random = () => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
const moment = () => START + Math.floor(random() * DAYS * 24) * 3_600_000;
type Interval = { from: number; to: number | null };
const interval = (): Interval => {
  const from = moment();
  return { from, to: random() < 0.3 ? null : from + Math.floor(random() * 20 * 24) * 3_600_000 };
};
const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());
const holds = ({ from, to }: Interval, at: number) => from <= at && (to === null || at < to);
const ids = (count: number) => Array.from({ length: count }, newId);

type Run = Interval & { id: string; stack: string; pipeline: string; steps: string[]; by: string };
type Binding = Interval & { id: string; secret: string; kind: string; target: string; step: string | null };
type Part = Interval & { stack: string; component: string };
type State = Interval & { secret: string; owner: string; privateTo: string | null };
type Held = Interval & { person: string; role: string; effect: string };
const [stacks, components, pipelines, secrets] = [ids(5), ids(7), ids(4), ids(4)];
const STEPS = ["load", "train", "check"];
const history = { runs: [] as Run[], bindings: [] as Binding[], parts: [] as Part[], states: [] as State[], grants: [] as Held[] };
const uses: { secret: string; run: string; at: number }[] = [];
const people: string[] = [];

const send = (text: string, values: unknown[]) => asOwner(db.ownerUrl, text, values);

beforeAll(async () => {
  acme = await makeTestOrganization();
  const place = [acme.own.workspace.id, acme.own.projectId];
  for (let at = 0; at < 6; at++) people.push((await makePerson(acme.id, "member", acme.own.workspace.id)).id);
  for (const id of stacks) await send("insert into stack (id, workspace_id, name) values ($1, $2, $3)", [id, place[0], id]);
  for (const id of pipelines) await send("insert into pipeline (id, workspace_id, project_id, name) values ($1, $2, $3, $4)", [id, ...place, id]);
  for (const id of secrets) {
    const owner = pick(people);
    await send("insert into secret (id, workspace_id, name, key_names, created_by) values ($1, $2, $4, '{k}', $3)", [id, place[0], owner, id]);
    await send("delete from secret_state where secret_id = $1", [id]);
    let from = START + Math.floor(random() * 5) * DAY;
    for (let count = 0; count < 4; count++) {
      const to = count === 3 ? null : from + Math.ceil(random() * 20) * DAY;
      history.states.push({ secret: id, owner, privateTo: random() < 0.3 ? owner : null, from, to });
      from = (to ?? 0) + (random() < 0.5 ? 0 : 3 * DAY);
    }
  }
  for (const { secret, owner, privateTo, from, to } of history.states)
    await send("insert into secret_state (secret_id, workspace_id, owner_id, private_to, valid_from, valid_to) values ($1, $2, $3, $4, $5, $6)", [
      secret,
      place[0],
      owner,
      privateTo,
      iso(from),
      iso(to),
    ]);
  for (let at = 0; at < 25; at++) {
    const part = { stack: pick(stacks), component: pick(components), ...interval() };
    history.parts.push(part);
    await send("insert into stack_part (stack_id, component_id, workspace_id, valid_from, valid_to) values ($1, $2, $3, $4, $5)", [
      part.stack,
      part.component,
      place[0],
      iso(part.from),
      iso(part.to),
    ]);
  }
  for (let at = 0; at < 50; at++) {
    const run = { id: newId(), stack: pick(stacks), pipeline: pick(pipelines), steps: STEPS.filter(() => random() < 0.5), by: pick(people), ...interval() };
    history.runs.push(run);
    const snapshot = newId();
    await send(
      "insert into snapshot (id, workspace_id, project_id, pipeline_id, run_name_template, pipeline_configuration_sha256, client_environment_sha256) values ($1, $2, $3, $4, 'x', '\\x00', '\\x00')",
      [snapshot, ...place, run.pipeline],
    );
    for (const [position, name] of run.steps.entries())
      await send("insert into snapshot_step (workspace_id, snapshot_id, name, position, body_sha256) values ($1, $2, $3, $4, '\\x00')", [
        place[0],
        snapshot,
        name,
        position,
      ]);
    await send(
      `insert into run (id, workspace_id, project_id, pipeline_id, snapshot_id, stack_id, name, number, index, status, in_progress, origin, credential_kind, request_id, created_by, created_at, start_time, end_time)
       values ($1, $2, $3, $4, $5, $6, 'r' || $7::text, $7::int, $7::int, 'completed', $8, 'api', 'api_key', 'r', $9, $10, $10, $11)`,
      [run.id, ...place, run.pipeline, snapshot, run.stack, at + 1, run.to === null, run.by, iso(run.from), iso(run.to)],
    );
  }
  const targets = { stack: stacks, component: components, pipeline: pipelines, step: pipelines };
  for (let at = 0; at < 40; at++) {
    const kind = pick(Object.keys(targets) as (keyof typeof targets)[]);
    const span = interval();
    const binding = { id: newId(), secret: pick(secrets), kind, target: pick(targets[kind]), step: kind === "step" ? pick(STEPS) : null, ...span };
    const rows = await asOwner<{ id: string }>(
      db.ownerUrl,
      `insert into secret_binding (id, workspace_id, secret_id, kind, target_id, target_name, step, path, opened_request_id, valid_from, valid_to, closed_request_id)
       values ($1, $2, $3, $4, $5, 't', $6, 'attached', 'r', $7, $8, $9) on conflict do nothing returning id`,
      [binding.id, place[0], binding.secret, kind, binding.target, binding.step, iso(span.from), iso(span.to), span.to === null ? null : "r"],
    );
    if (rows.length > 0) history.bindings.push(binding);
  }
  for (let at = 0; at < 40; at++) {
    const held = { person: pick(people), role: pick(["workspace-admin", "contributor", "viewer"]), effect: random() < 0.2 ? "deny" : "allow", ...interval() };
    history.grants.push(held);
    await send(
      "insert into role_grant (id, organization_id, principal_id, role, effect, scope_kind, workspace_ref, source, valid_from, valid_to) values ($1, $2, $3, $4, $5, 'workspace', $6, 'person', $7, $8)",
      [newId(), acme.id, held.person, held.role, held.effect, place[0], iso(held.from), iso(held.to)],
    );
  }
  for (let at = 0; at < 80; at++) {
    const [secret, run] = [pick(secrets), pick(history.runs)];
    const when = run.from + Math.floor(random() * 3 * DAY);
    uses.push({ secret, run: run.id, at: when });
    await send(
      `insert into secret_use (id, workspace_id, secret_id, version, purpose, principal_id, credential_kind, request_id, at, run_id, exactness)
       values ($1, $2, $3, 1, 'run', $4, 'workload', 'r', $5, $6, 'exact')`,
      [newId(), place[0], secret, run.by, iso(when), run.id],
    );
  }
});

/** Every moment at which an answer can become another one, within the question: its own start and each start of an interval. */
const momentsIn = (from: number, to: number) =>
  [from, ...Object.values(history).flatMap((list: Interval[]) => list.map((one) => one.from))].filter((at) => at >= from && at <= to);

const stateAt = (secret: string, at: number) => history.states.filter((state) => state.secret === secret && holds(state, at));

function runCouldAt(run: Run, secret: string, at: number): boolean {
  if (!holds({ from: run.from, to: run.to === null ? null : run.to + 3_600_000 }, at)) return false;
  if (!stateAt(secret, at).some((state) => state.privateTo === null || state.privateTo === run.by)) return false;
  return history.bindings.some((binding) => {
    if (binding.secret !== secret || !holds(binding, at)) return false;
    if (binding.kind === "stack") return binding.target === run.stack;
    if (binding.kind === "pipeline") return binding.target === run.pipeline;
    if (binding.kind === "step") return binding.target === run.pipeline && run.steps.includes(binding.step as string);
    return history.parts.some((part) => part.stack === run.stack && part.component === binding.target && holds(part, at));
  });
}

function personCouldAt(person: string, secret: string, at: number): boolean {
  const held = history.grants.filter((grant) => grant.person === person && holds(grant, at));
  const reach = (role: string) => (ROLE_IDS.includes(role as never) ? rightsOf(role as never)["secret:read-value"] : undefined);
  if (held.some((grant) => grant.effect === "deny" && reach(grant.role))) return false;
  return stateAt(secret, at).some(
    (state) =>
      (state.privateTo === null || state.privateTo === person) &&
      held.some((grant) => grant.effect === "allow" && (reach(grant.role) === "any" || (reach(grant.role) === "own" && state.owner === person))),
  );
}

const question = () => {
  const [a, b] = [moment(), moment()];
  return { secret: pick(secrets), from: Math.min(a, b), to: random() < 0.1 ? Math.min(a, b) : Math.max(a, b) };
};
const scoped = <T>(work: Parameters<typeof inScope<T>>[1]) => inScope([acme.own.workspace.id], work);

describe("equals the walk over every moment", () => {
  it("for which runs could and did", { timeout: 600_000 }, async () => {
    for (let at = 0; at < tries(10_000); at++) {
      const { secret, from, to } = question();
      const what = `${secret} ${iso(from)} ${iso(to)}`;
      const found = await scoped(async (tx) => {
        const { rows } = await sql<{
          id: string;
        }>`select distinct c.id from (${couldRuns(sql`b.secret_id = ${secret}`, iso(from) as string, iso(to) as string)}) c`.execute(tx);
        return rows.map((row) => row.id).sort();
      });
      const moments = momentsIn(from, to);
      const could = history.runs.filter((run) => moments.some((moment) => runCouldAt(run, secret, moment)));
      expect(found, what).toEqual(could.map((run) => run.id).sort());
      if (at % 20 > 0) continue;
      const span = { id: secret, from: iso(from), to: iso(to) };
      const context = callAs(acme.people["workspace-admin"], acme.own.workspace);
      const isPrivate = (await asOwner<{ private_to: string | null }>(db.ownerUrl, "select private_to from secret where id = $1", [secret]))[0]?.private_to;
      if (isPrivate) continue;
      const didIds = [...new Set(uses.filter((use) => use.secret === secret && use.at >= from && use.at <= to).map((use) => use.run))].sort();
      const did = await ask(listLedgerRuns, context, { ...span, which: "did" });
      expect([did.total, did.runs.map((run) => run.id).sort()], what).toEqual([didIds.length, didIds]);
      const ledger = await ask(getSecretLedger, context, span);
      expect(ledger.runs, what).toEqual({ could: could.length, did: didIds.length });
      expect(ledger.uses, what).toBe(uses.filter((use) => use.secret === secret && use.at >= from && use.at <= to).length);
    }
  });

  it("for which people could", { timeout: 600_000 }, async () => {
    for (let at = 0; at < tries(10_000); at++) {
      const { secret, from, to } = question();
      const found = await scoped((tx) =>
        couldPeople(tx, { id: secret, workspace_id: acme.own.workspace.id, project_id: null, organization_secret_id: null }, { from, to }),
      );
      const moments = momentsIn(from, to);
      // A grant that a deny ends begins again where the deny ends.
      const all = [...moments, ...history.grants.map((grant) => grant.to ?? 0)].filter((one) => one >= from && one <= to);
      const could = people.filter((person) => all.some((one) => personCouldAt(person, secret, one)));
      const others = Object.values(acme.people).map((person) => person.id);
      expect(
        found
          .map((person) => person.id)
          .filter((id) => !others.includes(id))
          .sort(),
        `${secret} ${iso(from)} ${iso(to)}`,
      ).toEqual(could.sort());
    }
  });
});

it("names the same runs when their stack is deleted later", async () => {
  const span = [iso(START), iso(START + 2 * DAYS * DAY)] as [string, string];
  const all = async () => {
    const { rows } = await scoped((tx) =>
      sql<{ of: string }>`select distinct c.secret_id || ' ' || c.id as of from (${couldRuns(sql`true`, ...span)}) c`.execute(tx),
    );
    return rows.map((row) => row.of).sort();
  };
  const before = await all();
  expect(before.length).toBeGreaterThan(20);
  for (const id of stacks) await send("delete from stack where id = $1", [id]);
  expect(await all()).toEqual(before);
});
