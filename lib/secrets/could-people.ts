import "server-only";
import { sql } from "kysely";
import { ROLES, rightsOf, type RoleId } from "@/lib/authz/permissions";
import type { Tx } from "@/lib/kernel/transaction";
import { intersect, type Span, spanOf, union, within, without } from "./intervals";

// Who could reveal a secret or read it with their client, by what they were granted: from the grants' own intervals, those of the
// organization's own roles, and those of the secret. A deny wins over every allow.

export type CouldPerson = { id: string; name: string; kind: string; how: "owner" | "role" | "share"; role: string; spans: Span[] };

type GrantRow = {
  id: string;
  role: string;
  shared: boolean;
  effect: string;
  reach: string | null;
  valid_from: string;
  valid_to: string | null;
  role_from: string | null;
  role_to: string | null;
  name: string;
  kind: string;
  ended_at: string | null;
};
type StateRow = { owner_id: string | null; private_to: string | null; valid_from: string; valid_to: string | null };

const PERMISSION = "secret:read-value";
const REACHING = (Object.keys(ROLES) as RoleId[]).filter((role) => rightsOf(role)[PERMISSION]);

/** Everybody who could at an instant of the question, with all their spans that reach into it. */
export async function couldPeople(
  tx: Tx,
  secret: { id: string; workspace_id: string; project_id: string | null; organization_secret_id: string | null },
  question: Span,
): Promise<CouldPerson[]> {
  if (secret.organization_secret_id) return []; // it goes to runs alone
  const [from, to] = [question.from, question.to].map((at) => new Date(at).toISOString());
  const states = await sql<StateRow>`select owner_id, private_to, valid_from, valid_to from secret_state where secret_id = ${secret.id}`.execute(tx);
  const { rows } = await sql<GrantRow>`
    select u.id, g.role, g.thing_id is not null as shared, g.effect, c.rights->>${PERMISSION} as reach, g.valid_from, g.valid_to, c.valid_from as role_from, c.valid_to as role_to,
      coalesce(nullif(u.full_name, ''), u.name) as name, u.kind, case when u.active then null else u.ended_at end as ended_at
    from role_grant g join workspace w on w.id = ${secret.workspace_id} and w.organization_id = g.organization_id
      join principal u on u.id = g.principal_id and u.kind <> 'canary'
      left join custom_role_revision c on c.organization_id = g.organization_id and c.role = g.role
    where (g.scope_kind = 'organization' or ((g.scope_kind = 'workspace' or g.thing_id is not null or (g.scope_kind = 'project' and g.project_ref = ${secret.project_id})) and g.workspace_ref = w.id))
      and (g.thing_id is null or g.thing_id = ${secret.id}) and (g.role = any(${REACHING}::text[]) or c.rights ? ${PERMISSION})
      and g.valid_from <= ${to}::timestamptz and (g.valid_to is null or g.valid_to > ${from}::timestamptz)`.execute(tx);
  const people = new Map<string, GrantRow[]>();
  for (const row of rows) people.set(row.id, [...(people.get(row.id) ?? []), row]);
  return [...people.values()].flatMap((grants) => couldPerson(grants, states.rows, question) ?? []);
}

function couldPerson(grants: readonly GrantRow[], states: readonly StateRow[], question: Span): CouldPerson | null {
  const [person] = grants;
  if (!person) return null;
  const life: Span[] = [{ from: Number.NEGATIVE_INFINITY, to: person.ended_at === null ? Number.POSITIVE_INFINITY : Date.parse(person.ended_at) }];
  const held = (fits: (grant: GrantRow) => boolean) =>
    grants.filter(fits).flatMap((grant) => {
      const ofRole = grant.role_from === null ? life : [spanOf({ valid_from: grant.role_from, valid_to: grant.role_to })];
      return intersect([spanOf(grant)], ofRole);
    });
  const reachOf = (grant: GrantRow) => grant.reach ?? (REACHING.includes(grant.role as RoleId) ? rightsOf(grant.role as RoleId)[PERMISSION] : undefined);
  const denied = held((grant) => grant.effect === "deny" && reachOf(grant) !== undefined);
  const could = (which: "any" | "own") => {
    const there = states.filter((state) => (state.private_to === null || state.private_to === person.id) && (which === "any" || state.owner_id === person.id));
    const allowed = intersect(
      held((grant) => grant.effect === "allow" && (which === "own" ? reachOf(grant) !== undefined : reachOf(grant) === "any")),
      life,
    );
    return without(intersect(allowed, there.map(spanOf)), denied);
  };
  const [asOwner, byRole] = [could("own"), could("any")];
  const spans = within(union([...asOwner, ...byRole]), question);
  if (spans.length === 0) return null;
  const how = within(asOwner, question).length > 0 ? "owner" : grants.every((grant) => grant.shared) ? "share" : "role";
  return { id: person.id, name: person.name, kind: person.kind, how, role: person.role, spans };
}
