import "server-only";
import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { ROLES } from "@/lib/authz/permissions";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { likeText } from "@/lib/kernel/list";
import { defineQuery } from "@/lib/kernel/query";
import { holdsAnywhere } from "@/lib/organizations/sections";
import { readText, type Search } from "./read-text";
import type { PaletteKind, PaletteThing } from "./schema";

// Finds things by name, number, id or digest across all workspaces that the actor may read: one statement, each part bounded and on an
// index, each row filtered by the permission to read it. Names of runs are found by their first letters as typed, and anywhere in the
// newest. Below row-level security only leakproof comparisons reach an index: ranges of "C" text, not lower() or like.

const PER_KIND = 6;
const NEWEST_RUNS = 300;
const CANDIDATES = 40;
const SHORTEST_PREFIX = 2;

type Found = { kind: PaletteKind; id: string; name: string; note: string; workspace: string | null; project: string | null; exact: boolean };

/** The things that a text may mean, those named exactly first, then those of the workspace one is in. */
export const searchPalette = defineQuery({
  name: "palette.searched",
  permission: "session:read",
  input: z.strictObject({ text: z.string().max(1_000), workspaceId: z.uuid().nullable() }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input }): Promise<PaletteThing[]> => {
    const search = readText(input.text);
    if (!search.text) return [];
    const parts = [...things(actor, search), ...accounts(actor, search), workspaces(actor, search)];
    const { rows } = await sql<Found>`
      select * from (${sql.join(
        parts.map((part) => sql`(${part})`),
        sql` union all `,
      )}) found
      order by exact desc, workspace_id is not distinct from ${input.workspaceId}::uuid desc, rank, at desc nulls last limit 30`.execute(tx);
    return [...rows.map(asThing), ...roles(actor, search)];
  },
});

const asThing = ({ exact, workspace, project, ...row }: Found): PaletteThing => ({
  ...row,
  workspace,
  href: pathOf({ ...row, exact, workspace, project }),
  isExact: exact,
});

function pathOf({ kind, id, name, workspace, project }: Found): string {
  const inProject = `/${workspace}/projects/${encodeURIComponent(project ?? "default")}`;
  switch (kind) {
    case "run":
      return `${inProject}/runs/${id}`;
    case "pipeline":
    case "model":
    case "artifact":
      return `${inProject}/${kind}s/${encodeURIComponent(name)}`;
    case "stack":
      return `/${workspace}/stacks/${id}`;
    case "component":
      return `/${workspace}/components/${id}`;
    case "person":
      return `/access/people/${id}`;
    case "service-account":
      return workspace ? `/${workspace}/settings/service-accounts/${id}` : `/settings/service-accounts/${id}`;
    case "workspace":
      return `/${name}`;
    case "role":
      return `/settings/roles/${id}`;
  }
}

const ACTIVE = sql`join workspace w on w.id = t.workspace_id and w.state = 'active'`;

/** Behind every text that begins with another one. */
const LAST_LETTER = "\u{10FFFF}";

const begins = (text: string) => sql`lower(t.name) like ${`${likeText(text)}%`}`;
const holds = (text: string) => sql`lower(t.name) like ${`%${likeText(text)}%`}`;

/** 0 for the name itself, 1 for its beginning, 2 for anywhere. */
const rank = (text: string) => sql`case when lower(t.name) = ${text} then 0 when ${begins(text)} then 1 else 2 end`;

const never = sql`false`;
const byId = ({ id, idRange }: Search) => (id ? sql`t.id = ${id}::uuid` : idRange ? sql`t.id between ${idRange[0]}::uuid and ${idRange[1]}::uuid` : never);

function things(actor: Actor, search: Search): RawBuilder<unknown>[] {
  const { text } = search;
  const inProject = (kind: "run" | "pipeline" | "model" | "artifact") =>
    visibleTo(actor, `${kind}:read`, { workspaceId: "t.workspace_id", projectId: "t.project_id", ownerId: "t.created_by", thingId: "t.id" });
  const columns = (kind: PaletteKind, note: RawBuilder<unknown>, exact: RawBuilder<unknown>) =>
    sql`${kind} as kind, t.id, t.name, ${note} as note, w.slug as workspace, w.id as workspace_id, p.name as project, ${exact} as exact, ${rank(text)} as rank, t.created_at as at`;
  const named = (kind: "pipeline" | "model" | "artifact") => sql`
    select ${columns(kind, sql`p.name`, search.id ? sql`true` : never)} from ${sql.ref(kind)} t ${ACTIVE} join project p on p.id = t.project_id
    where ${inProject(kind)} and ${search.id ? byId(search) : holds(text)}
    order by rank, t.created_at desc limit ${PER_KIND}`;
  const shared = (kind: "stack" | "component", note: RawBuilder<unknown>) => sql`
    select ${kind} as kind, t.id, t.name, ${note} as note, w.slug as workspace, w.id as workspace_id, null as project, ${search.id ? byId(search) : never} as exact, ${rank(text)} as rank, t.created_at as at
    from ${sql.ref(kind)} t ${ACTIVE} where ${visibleTo(actor, `${kind}:read`, { workspaceId: "t.workspace_id", ownerId: "t.created_by", thingId: "t.id" })}
      and (${byId(search)} or ${holds(text)}) order by rank, t.created_at desc limit ${PER_KIND}`;
  // One branch for each way of naming a run, so that each follows its own index.
  const visible = inProject("run");
  const isNamed = sql`t.name collate "C" in (${sql.join(search.spellings)})`;
  const isPrefixed = sql`(${sql.join(
    search.spellings.map((spelling) => sql`(t.name collate "C" >= ${spelling} and t.name collate "C" < ${spelling + LAST_LETTER})`),
    sql` or `,
  )})`;
  const exactly = (from: RawBuilder<unknown>, where: RawBuilder<unknown>) =>
    sql`(select t.*, true as exact from ${from} where ${where} and ${visible} order by t.created_at desc limit ${PER_KIND})`;
  const nearly = (from: RawBuilder<unknown>, where: RawBuilder<unknown>) =>
    sql`(select t.*, false as exact from ${from} where ${where} and ${visible} limit ${CANDIDATES})`;
  const ways: RawBuilder<unknown>[] = [];
  if (search.id) ways.push(exactly(sql`run t`, sql`t.id = ${search.id}::uuid`));
  else {
    ways.push(exactly(sql`run t`, isNamed));
    if (search.number !== undefined) ways.push(exactly(sql`project p join run t on t.project_id = p.id`, sql`t.number = ${search.number}::bigint`));
    if (search.digest) ways.push(exactly(sql`run t`, sql`t.code_digest = ${search.digest}`));
    if (search.idRange) ways.push(exactly(sql`run t`, byId(search)));
    if (text.length >= SHORTEST_PREFIX) {
      ways.push(nearly(sql`run t`, isPrefixed));
      const newest = sql`project p cross join lateral (select t.* from run t where t.project_id = p.id order by t.created_at desc, t.id desc limit ${NEWEST_RUNS}) t`;
      ways.push(nearly(newest, holds(text)));
    }
  }
  const runs = sql`select * from (select distinct on (t.id) ${columns("run", sql`'№ ' || t.number`, sql`t.exact`)} from (${sql.join(ways, sql` union all `)}) t ${ACTIVE}
    join project p on p.id = t.project_id order by t.id, t.exact desc) r order by exact desc, at desc limit ${PER_KIND}`;
  return [runs, named("pipeline"), named("model"), named("artifact"), shared("stack", sql`''`), shared("component", sql`t.type`)];
}

/** People for those who have their page: who looks after access somewhere. Each sees those of the own workspaces, or all. */
function accounts(actor: Actor, search: Search): RawBuilder<unknown>[] {
  const label = sql`coalesce(nullif(t.full_name, ''), t.name)`;
  const seesAll = can(actor, "user:read").allowed;
  // E-mail addresses are found by those who see them.
  const hasAddress = seesAll ? sql`lower(t.email) like ${`${likeText(search.text)}%`}` : never;
  const matches = sql`(${byId(search)} or lower(t.full_name) like ${`%${likeText(search.text)}%`} or (t.kind = 'service_account' and ${holds(search.text)}) or ${hasAddress})`;
  const isMember = sql`exists (select from role_grant g where g.principal_id = t.id and (g.valid_to is null or g.valid_to > now())
    and ${visibleTo(actor, "invitation:read", { workspaceId: "g.workspace_ref", ownerId: "g.principal_id" })})`;
  const select = (kind: PaletteKind, note: RawBuilder<unknown>) =>
    sql`select ${kind} as kind, t.id, ${label} as name, ${note} as note, w.slug as workspace, w.id as workspace_id, null as project,
      ${search.id ? byId(search) : never} as exact, case when lower(${label}) = ${search.text} then 0 when lower(${label}) like ${`${likeText(search.text)}%`} then 1 else 2 end as rank, t.created_at as at from principal t left join workspace w on w.id = t.home_workspace_id`;
  const parts: RawBuilder<unknown>[] = [];
  if (holdsAnywhere(actor, "invitation:read"))
    parts.push(sql`${select("person", seesAll ? sql`coalesce(t.email, '')` : sql`''`)}
      where t.organization_id = ${actor.organizationId} and t.kind = 'user' and ${matches} and (${seesAll ? sql`true` : isMember}) order by rank, t.created_at desc limit ${PER_KIND}`);
  if (holdsAnywhere(actor, "api-key:read"))
    parts.push(sql`${select("service-account", sql`case when t.active then '' else 'inactive' end`)}
      where t.organization_id = ${actor.organizationId} and t.kind = 'service_account' and t.deleted_at is null and ${matches}
        and (w.id is null or w.state = 'active')
        and ${visibleTo(actor, "api-key:read", { workspaceId: "t.home_workspace_id", ownerId: "t.created_by" })} order by rank, t.created_at desc limit ${PER_KIND}`);
  return parts;
}

const workspaces = (actor: Actor, { text, id }: Search) => sql`
  select 'workspace' as kind, t.id, t.slug as name, case when t.state = 'active' then t.display_name else 'Suspended' end as note, t.slug as workspace, t.id as workspace_id,
    null as project, ${id ? sql`t.id = ${id}::uuid` : never} as exact, case when t.slug = ${text} then 0 when t.slug like ${`${likeText(text)}%`} then 1 else 2 end as rank, t.created_at as at
  from workspace t where t.organization_id = ${actor.organizationId} and t.state <> 'deleted' and ${visibleTo(actor, "workspace:read", { workspaceId: "t.id", ownerId: "t.id" })}
    and (${id ? sql`t.id = ${id}::uuid` : never} or t.slug like ${`%${likeText(text)}%`} or lower(t.display_name) like ${`%${likeText(text)}%`}) order by rank, t.slug limit ${PER_KIND}`;

function roles(actor: Actor, { text }: Search): PaletteThing[] {
  if (!holdsAnywhere(actor, "role:read")) return [];
  return Object.entries(ROLES)
    .filter(([id, role]) => id.includes(text) || role.title.toLowerCase().includes(text))
    .map(([id, role]) => ({ kind: "role", id, name: role.title, note: "", workspace: null, href: `/settings/roles/${id}`, isExact: false }));
}
