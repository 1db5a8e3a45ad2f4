import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { systemRole, isRoleId } from "@/lib/authz/permissions";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import type { BindingKind } from "./bindings";
import { couldPeople } from "./could-people";
import { couldRuns } from "./could-runs";
import { findSecret } from "./find-secret";
import { intersect, type Span, spanOf, union, within } from "./intervals";
import type { LaneKind, LedgerLane, SecretLedger } from "./ledger-schema";
import { versionsOf } from "./versions";

// The ledger of one secret between two instants: a lane for each thing or person that could use it, and when each did.

/** Uses that lie closer together than this part of the time are one stroke of the picture. */
const STROKES = 400;
const MOST_LANES = 200;

const moment = z.iso.datetime({ offset: true });

/** Errors: not_found; invalid_input for a time that ends before it begins. */
export const getSecretLedger = defineQuery({
  name: "secret.ledger",
  permission: "secret:read",
  input: z.strictObject({ id: z.uuid(), from: moment, to: moment }),
  scope: ({ tx, actor, input }) => findSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: async ({ tx, actor, input, target: { secret } }): Promise<SecretLedger> => {
    const question = { from: Date.parse(input.from), to: Date.parse(input.to) };
    if (question.from > question.to) throw new AppError("invalid_input", "The time ends before it begins.", { fields: { to: "Choose a later end." } });
    const span = { from: new Date(question.from).toISOString(), to: new Date(question.to).toISOString() };
    const mayReadGrants = can(actor, "grant:read", { workspaceId: secret.workspace_id, ownerId: actor.id }).allowed;
    const { strokes, runs: did } = await readUses(tx, secret.id, question);
    const lanes = await bindingLanes(tx, secret.id, question, strokes);
    const people = await couldPeople(tx, secret, question);
    const seen = mayReadGrants ? people : people.filter((person) => person.how === "owner" || person.id === actor.id);
    const readers = await readersWithoutGrant(tx, strokes, new Set(seen.map((person) => person.id)));
    for (const person of [...seen, ...readers])
      lanes.push(
        laneOf({ key: person.id, kind: person.kind as LaneKind, name: person.name, how: howWords(person) }, person.spans, question, strokes.get(person.id)),
      );
    const refused = await readRefused(tx, secret.id, question);
    const { rows: versions } = await sql<{ version: number; at: string }>`
      select v.version, v.created_at as at from ${versionsOf(secret)} where v.created_at between ${span.from}::timestamptz and ${span.to}::timestamptz
      order by v.version limit 200`.execute(tx);
    const { rows: runs } = await sql<{ could: number }>`
      select count(distinct c.id)::int as could from (${couldRuns(sql`b.secret_id = ${secret.id}`, span.from, span.to)}) c`.execute(tx);
    return {
      ...span,
      lanes: lanes.slice(0, MOST_LANES),
      refused: refused.map(({ at, count }) => ({ at, count })),
      versions,
      uses: [...strokes.values()].flat().reduce((sum, stroke) => sum + stroke.count, 0),
      refusals: refused.reduce((sum, stroke) => sum + stroke.count, 0),
      runs: { could: runs[0]?.could ?? 0, did },
    };
  },
});

type Stroke = { at: string; count: number };
type Strokes = Map<string, Stroke[]>;

/**
 * Uses by the binding that allowed them, or by who did where none did, and how many runs there are among them. A secret may have hundreds of
 * thousands: they are read once, into groups small enough to be grouped again for both.
 */
async function readUses(tx: Tx, secretId: string, { from, to }: Span): Promise<{ strokes: Strokes; runs: number }> {
  const width = Math.max(0.001, (to - from) / 1000 / STROKES);
  const { rows } = await sql<Stroke & { lane: string; runs: number }>`
    with used as materialized (
      select binding_id, case when binding_id is null then principal_id end as who, run_id, min(at) as at, count(*)::int as count,
        date_bin(make_interval(secs => ${width}::float8), at, ${new Date(from).toISOString()}::timestamptz) as bin
      from secret_use
      where secret_id = ${secretId} and at between ${new Date(from).toISOString()}::timestamptz and ${new Date(to).toISOString()}::timestamptz
      group by 1, 2, 3, 6)
    select coalesce(binding_id, who) as lane, min(at) as at, sum(count)::int as count,
      (select count(*)::int from (select distinct run_id from used where run_id is not null) d) as runs
    from used group by 1, bin order by 2`.execute(tx);
  const strokes: Strokes = new Map();
  for (const { lane, at, count } of rows) {
    const stroke = { at, count };
    const list = strokes.get(lane);
    if (list) list.push(stroke);
    else strokes.set(lane, [stroke]);
  }
  return { strokes, runs: rows[0]?.runs ?? 0 };
}

type Bound = {
  id: string;
  kind: string;
  target_id: string;
  target_name: string;
  step: string | null;
  path: string;
  valid_from: string;
  valid_to: string | null;
};

/** A lane for each thing that it was bound to, whatever bound it and how often. */
async function bindingLanes(tx: Tx, secretId: string, question: Span, strokes: Strokes): Promise<LedgerLane[]> {
  const { rows: states } = await sql<{ valid_from: string; valid_to: string | null }>`
    select valid_from, valid_to from secret_state where secret_id = ${secretId}`.execute(tx);
  const { rows } = await sql<Bound>`select id, kind, target_id, target_name, step, path, valid_from, valid_to from secret_binding
    where secret_id = ${secretId} order by valid_from, id`.execute(tx);
  const things = new Map<string, Bound[]>();
  for (const row of rows) {
    const key = `${row.kind} ${row.target_id} ${row.step ?? ""}`;
    things.set(key, [...(things.get(key) ?? []), row]);
  }
  return [...things].flatMap(([key, bounds]) => {
    const [first] = bounds as [Bound];
    const spans = within(intersect(union(bounds.map(spanOf)), states.map(spanOf)), question);
    const did = bounds.flatMap((bound) => strokes.get(bound.id) ?? []).sort((a, b) => (a.at < b.at ? -1 : 1));
    if (spans.length === 0 && did.length === 0) return [];
    const way = (path: string) => bounds.some((bound) => bound.path === path);
    const how = way("attached") ? "bound" : way("reference") ? "by reference" : "in code";
    const name = first.kind === "step" ? `${first.target_name}, ${first.step}` : first.target_name;
    return [laneOf({ key, kind: first.kind as BindingKind, name, how }, spans, question, did)];
  });
}

const laneOf = (lane: Pick<LedgerLane, "key" | "kind" | "name" | "how">, spans: readonly Span[], question: Span, did: readonly Stroke[] = []): LedgerLane => ({
  ...lane,
  could: spans.map(({ from, to }) => ({
    from: new Date(Math.max(from, question.from)).toISOString(),
    to: to > question.to ? null : new Date(to).toISOString(),
  })),
  did: [...did],
  uses: did.reduce((sum, stroke) => sum + stroke.count, 0),
});

const howWords = ({ how, role }: { how: string; role: string }) =>
  how === "owner" ? "owner" : how === "share" ? "direct share" : isRoleId(role) ? systemRole(role).title : role;

/** Who read values and could then, by a grant that the reader of the page may not know of, or by one that was taken back. */
async function readersWithoutGrant(tx: Tx, strokes: Strokes, known: ReadonlySet<string>) {
  const ids = [...strokes.keys()].filter((id) => !known.has(id));
  if (ids.length === 0) return [];
  const { rows } = await sql<{ id: string; name: string; kind: string }>`
    select id, coalesce(nullif(full_name, ''), name) as name, kind from principal where id = any(${ids}::uuid[])`.execute(tx);
  return rows.map((row) => ({ ...row, how: "role", role: "no longer", spans: [] as Span[] }));
}

/** Refused attempts, from the trail. */
async function readRefused(tx: Tx, secretId: string, { from, to }: Span): Promise<Stroke[]> {
  const width = Math.max(0.001, (to - from) / 1000 / STROKES);
  const { rows } = await sql<Stroke>`
    select min(at) as at, sum(count)::int as count from audit_entry where target_id = ${secretId} and outcome = 'denied' and action in ('secret.read', 'secret.revealed', 'secret.tested')
      and at between ${new Date(from).toISOString()}::timestamptz and ${new Date(to).toISOString()}::timestamptz
    group by date_bin(make_interval(secs => ${width}::float8), at, ${new Date(from).toISOString()}::timestamptz) order by 1`.execute(tx);
  return rows;
}
