import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { likeText } from "@/lib/kernel/list";
import { defineQuery, type Query } from "@/lib/kernel/query";
import { nounOf } from "./log-metadata";
import { METADATA_RESOURCES, type MetadataResourceType } from "./write-metadata";

// The keys that were logged on a kind of thing in a project, for whoever filters by them. Read key by key from the index, so that it
// costs the same however many values there are; after 1,000 keys it stops.

const MOST_STEPS = 1_000;
const SHOWN = 50;

const input = z.strictObject({ projectId: z.uuid(), type: z.enum(METADATA_RESOURCES), text: z.string().max(255) });

/** `kind`: number when any of its latest values is one. */
export type MetadataKey = { key: string; kind: "number" | "text" };

const keysOf = (noun: "run" | "artifact" | "model"): Query<typeof input, MetadataKey[]> =>
  defineQuery({
    name: `${noun}.metadata-keys`,
    permission: `${noun}:read`,
    input,
    scope: ({ actor, workspace, input }) => ({ workspaceId: workspace?.id, projectId: input.projectId, ownerId: actor.id, isList: true }),
    run: async ({ tx, actor, workspace, input }) => {
      // Who reads only own things is shown no key: it may be that of another's.
      if (nounOf(input.type) !== noun || !can(actor, `${noun}:read`, { workspaceId: workspace?.id, projectId: input.projectId }).allowed) return [];
      const of = (alias: string) =>
        sql`${sql.ref(`${alias}.project_id`)} = ${input.projectId} and ${sql.ref(`${alias}.resource_type`)} = ${input.type} and ${sql.ref(`${alias}.is_latest`)}`;
      const { rows } = await sql<MetadataKey>`
        with recursive keys as (
          select (select min(m.key) from metadata_entry m where ${of("m")}) as key, 1 as step
          union all
          select (select min(m.key) from metadata_entry m where ${of("m")} and m.key > keys.key), step + 1 from keys where keys.key is not null and step < ${MOST_STEPS}
        ), found as (
          select key from keys where key is not null and key ilike ${`%${likeText(input.text)}%`} order by key limit ${SHOWN}
        )
        select key, case when exists (select 1 from metadata_entry m where ${of("m")} and m.key = found.key and m.value_number is not null) then 'number' else 'text' end as kind
        from found order by key`.execute(tx);
      return rows;
    },
  });

const KEYS = { run: keysOf("run"), artifact: keysOf("artifact"), model: keysOf("model") };

/** The query for a kind of thing: each needs the permission to read it. Errors: not_found, forbidden. */
export const metadataKeysOf = (type: MetadataResourceType) => KEYS[nounOf(type)];
