import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { CANARY } from "@/lib/canaries/schema";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Fields } from "@/lib/kernel/list";
import { keysetInput, type KeysetPage, keysetPage } from "@/lib/kernel/keyset-page";
import { linked } from "@/lib/kernel/linked-field";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { type AlarmingDirectory, CLAIMS, type DirectoryFacts, type DirectorySummary, type GroupRow, type PersonRow, type RequestRow } from "./schema";

// What System Admins and Auditors read of directories: never a token.

const STATE = sql`case when not d.active then 'off' when d.provider = 'claims' then 'active' when d.last_event_at is null then 'unused'
  when d.last_event_at < now() - make_interval(hours => d.silent_after_hours) then 'silent' else 'active' end`;
const SUMMARY = sql`d.id, d.slug, d.name, d.provider, ${STATE} as state, d.last_event_at as "lastEventAt", d.silent_after_hours as "silentAfterHours",
  d.hold_percent as "holdPercent",
  (select jsonb_build_object('id', h.id, 'people', h.people, 'at', h.at,
      'held', (select count(distinct r.user_id) from directory_removal r where r.hold_id = h.id and r.withdrawn_at is null))
    from directory_hold h where h.directory_id = d.id and h.decision is null) as hold,
  (select min(t.expires_at) from directory_token t where t.directory_id = d.id and t.expires_at > now()) as "tokenEndsAt",
  (select count(*)::int from directory_user u where u.directory_id = d.id and u.deleted_at is null) as people,
  (select count(*)::int from directory_group g where g.directory_id = d.id and g.deleted_at is null) as groups`;

/** All directories that are provisioned, by name. Those of claims stand with their single sign-on connections. */
export const listDirectories = defineQuery({
  name: "directory.list",
  permission: "directory:read",
  input: z.strictObject({}),
  scope: () => ({}),
  run: async ({ tx, actor }): Promise<DirectorySummary[]> => {
    const { rows } =
      await sql<DirectorySummary>`select ${SUMMARY} from directory d where d.organization_id = ${actor.organizationId} and d.provider not in (${CLAIMS}, ${CANARY}) order by d.name, d.id`.execute(
        tx,
      );
    return rows;
  },
});

/** Directories that need a person: they are silent, or removals wait for a decision. */
export async function alarmingDirectories(tx: Tx, organizationId: string): Promise<AlarmingDirectory[]> {
  const { rows } = await sql<AlarmingDirectory>`
    select d.id, d.name, d.last_event_at as "lastEventAt", (select h.id from directory_hold h where h.directory_id = d.id and h.decision is null) as "holdId",
      (select h.at from directory_hold h where h.directory_id = d.id and h.decision is null) as "heldAt"
    from directory d where d.organization_id = ${organizationId} and d.provider not in (${CLAIMS}, ${CANARY})
      and (${STATE} = 'silent' or exists (select 1 from directory_hold h where h.directory_id = d.id and h.decision is null))
    order by d.name, d.id`.execute(tx);
  return rows;
}

const inDirectory = z.strictObject({ directoryId: z.uuid() });

/** One directory with its tokens that hold. Error: not_found. */
export const getDirectory = defineQuery({
  name: "directory.read",
  permission: "directory:read",
  input: inDirectory,
  scope: () => ({}),
  run: async ({ tx, actor, input }): Promise<DirectoryFacts> => {
    const { rows } = await sql<DirectoryFacts>`
      select ${SUMMARY},
        (select count(*)::int from directory_request q where q.directory_id = d.id and q.at > now() - interval '24 hours') as requests,
        (select count(*)::int from directory_request q where q.directory_id = d.id and q.at > now() - interval '24 hours' and q.status >= 400) as refused,
        (select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'ending', t.ending, 'createdAt', t.created_at, 'expiresAt', t.expires_at,
            'lastUsedAt', t.last_used_at, 'lastUsedAddress', t.last_used_address) order by t.created_at desc), '[]'::jsonb)
          from directory_token t where t.directory_id = d.id and (t.expires_at is null or t.expires_at > now())) as tokens,
        (select jsonb_build_object('slug', c.slug, 'name', c.name) from sso_connection c where c.directory_id = d.id and c.deleted_at is null) as connection
      from directory d where d.id = ${input.directoryId} and d.organization_id = ${actor.organizationId}`.execute(tx);
    if (!rows[0]) throw new AppError("not_found", "There is no such directory.");
    return rows[0];
  },
});

const listInput = z.strictObject({ ...keysetInput.shape, directoryId: z.uuid() });
type ListInput = z.output<typeof listInput>;

/** A list of what belongs to one directory of the organization. */
export function listOf<Row extends { id: string }>(name: string, source: (directoryId: string, actor: Actor) => ReturnType<typeof sql>, fields: Fields) {
  return defineQuery({
    name,
    permission: "directory:read",
    input: listInput,
    scope: () => ({}),
    run: ({ tx, actor, input: { directoryId, ...input } }: { tx: Tx; actor: Actor; input: ListInput }): Promise<KeysetPage<Row>> =>
      keysetPage<Row>(tx, {
        source: sql`(${source(directoryId, actor)}) x`,
        fields,
        input,
        visible: sql`true`,
        list: `${name} ${directoryId}`,
        readerId: actor.id,
      }),
  });
}

export const ours = (directoryId: string, actor: Actor) => sql`d.id = ${directoryId} and d.organization_id = ${actor.organizationId}`;

/** What the directory last said of each person, beside the account that we hold. `drift`: they differ. */
export const listDirectoryPeople = listOf<PersonRow>(
  "directory.people",
  (directoryId, actor) => sql`
    select u.id, u.user_name as "userName", coalesce(nullif(p.full_name, ''), p.name) as name, u.principal_id as "principalId",
      case when u.active then 'active' else 'deactivated' end as said, case when p.active then 'active' else 'deactivated' end as held,
      u.active <> p.active as drift, u.external_id as "externalId", u.created_at as "createdAt", u.updated_at as "updatedAt",
      coalesce((select string_agg(g.display_name, ', ' order by g.display_name) from directory_member m join directory_group g on g.id = m.group_id
        where m.user_id = u.id), '') as groups
    from directory_user u join directory d on d.id = u.directory_id join principal p on p.id = u.principal_id
    where ${ours(directoryId, actor)} and u.deleted_at is null`,
  {
    user: { kind: "text", sql: sql.ref("x.userName"), required: true },
    name: { kind: "text", sql: sql.ref("x.name"), required: true },
    said: { kind: "enum", sql: sql.ref("x.said"), required: true },
    held: { kind: "enum", sql: sql.ref("x.held"), required: true },
    drift: { kind: "enum", sql: sql`case when x.drift then 'differs' else 'same' end`, required: true },
    // By the name of one group, so that a group's members are not those of another whose name contains it.
    groups: {
      kind: "text",
      sql: sql`nullif(x.groups, '')`,
      where: linked(
        (match) => sql`exists (select 1 from directory_member m join directory_group g on g.id = m.group_id where m.user_id = x.id and ${match})`,
        sql`g.display_name`,
      ),
    },
    updated: { kind: "time", sql: sql.ref("x.updatedAt"), required: true },
  },
);

export const listDirectoryGroups = listOf<GroupRow>(
  "directory.groups",
  (directoryId, actor) => sql`
    select g.id, g.display_name as name, g.external_id as "externalId", g.updated_at as "updatedAt",
      (select count(*)::int from directory_member m where m.group_id = g.id) as members,
      (select count(*)::int from group_rule r where r.group_id = g.id and r.ended_at is null) as rules
    from directory_group g join directory d on d.id = g.directory_id where ${ours(directoryId, actor)} and g.deleted_at is null`,
  {
    name: { kind: "text", sql: sql.ref("x.name"), required: true },
    members: { kind: "number", sql: sql.ref("x.members"), required: true },
    rules: { kind: "number", sql: sql.ref("x.rules"), required: true },
    updated: { kind: "time", sql: sql.ref("x.updatedAt"), required: true },
  },
);

const requestsOf = (directoryId: string, actor: Actor) => sql`
  select q.id, q.at, q.method, q.subject, q.status, q.duration_ms as "durationMs", q.detail, q.body, q.address, q.request_id as "requestId"
  from directory_request q join directory d on d.id = q.directory_id where ${ours(directoryId, actor)}`;

export const listDirectoryRequests = listOf<RequestRow>("directory.requests", requestsOf, {
  at: { kind: "time", sql: sql.ref("x.at"), required: true },
  method: { kind: "enum", sql: sql.ref("x.method"), required: true },
  subject: { kind: "text", sql: sql.ref("x.subject"), required: true },
  status: { kind: "number", sql: sql.ref("x.status"), required: true },
  duration: { kind: "number", sql: sql.ref("x.durationMs"), required: true },
  detail: { kind: "text", sql: sql.ref("x.detail") },
});

/** One request. Error: not_found. */
export const getDirectoryRequest = defineQuery({
  name: "directory.request-read",
  permission: "directory:read",
  input: z.strictObject({ directoryId: z.uuid(), requestId: z.uuid() }),
  scope: () => ({}),
  run: async ({ tx, actor, input }): Promise<RequestRow> => {
    const { rows } = await sql<RequestRow>`${requestsOf(input.directoryId, actor)} and q.id = ${input.requestId}`.execute(tx);
    if (!rows[0]) throw new AppError("not_found", "There is no such request, or it is older than the log.");
    return rows[0];
  },
});
