import "server-only";
import { sql } from "kysely";
import type { Fields } from "@/lib/kernel/list";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { defineQuery } from "@/lib/kernel/query";
import { scopeOf, storeOf, visibleSecrets } from "./find-secret";
import type { SecretScope, SecretTableRow } from "./row-schema";

// The secrets of a workspace as its page lists them: names and facts. No version is read, so that there is no value to show (SEC-6).

const FIELDS: Fields = {
  name: { kind: "text", sql: sql.ref("x.name"), required: true },
  kind: { kind: "enum", sql: sql.ref("x.kind"), required: true },
  scope: { kind: "enum", sql: sql.ref("x.scope"), required: true },
  project: { kind: "text", sql: sql.ref("x.project") },
  keys: { kind: "number", sql: sql.ref("x.keys"), required: true },
  version: { kind: "number", sql: sql.ref("x.version"), required: true },
  bound: { kind: "number", sql: sql.ref("x.bound"), required: true },
  leaked: { kind: "enum", sql: sql.ref("x.leaked"), required: true },
  store: { kind: "enum", sql: sql.ref("x.store"), required: true },
  owner: { kind: "text", sql: sql.ref("x.owner") },
  used: { kind: "time", sql: sql.ref("x.last_used_at") },
  rotated: { kind: "time", sql: sql.ref("x.rotated_at"), required: true },
  expires: { kind: "time", sql: sql.ref("x.expires_at") },
  created: { kind: "time", sql: sql.ref("x.created_at"), required: true },
};

type Found = {
  id: string;
  name: string;
  kind: string;
  scope: SecretScope;
  project: string | null;
  keys: number;
  version: number;
  bound: number;
  leaked: "yes" | "no";
  store: string;
  owner: string | null;
  owner_kind: string | null;
  last_used_at: string | null;
  rotated_at: string;
  expires_at: string | null;
  created_at: string;
};

/** Lists secrets without values. Errors: bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listSecretRows = defineQuery({
  name: "secret.table",
  permission: "secret:read",
  input: keysetInput,
  run: async ({ tx, actor, input, workspace }): Promise<KeysetPage<SecretTableRow>> => {
    const source = sql`(
      select s.id, s.workspace_id, s.created_by, s.private_to, s.project_id, s.deleted_at, s.name, s.kind, s.version, s.last_used_at, s.rotated_at, s.expires_at, s.created_at,
        ${scopeOf("s")} as scope, j.name as project, cardinality(s.key_names) as keys,
        (select count(*)::int from secret_binding b where b.secret_id = s.id and b.valid_to is null) as bound,
        case when exists (select 1 from secret_leak l where l.secret_id = s.id and l.closed_at is null) then 'yes' else 'no' end as leaked,
        ${storeOf("s")} as store, coalesce(nullif(u.full_name, ''), u.name) as owner, u.kind as owner_kind
      from secret s left join principal u on u.id = s.created_by left join project j on j.id = s.project_id where s.workspace_id = ${workspace?.id ?? null}
    ) x`;
    const page = await keysetPage<Found>(tx, {
      source,
      fields: FIELDS,
      input,
      visible: visibleSecrets(actor, "x"),
      list: `secrets ${workspace?.id}`,
      readerId: actor.id,
    });
    return {
      ...page,
      rows: page.rows.map((row) => ({
        id: row.id,
        name: row.name,
        kind: row.kind,
        scope: row.scope,
        project: row.project,
        keys: row.keys,
        version: row.version,
        bound: row.bound,
        isLeaked: row.leaked === "yes",
        store: row.store,
        owner: row.owner ? { name: row.owner, kind: row.owner_kind ?? "user" } : null,
        lastUsedAt: row.last_used_at,
        rotatedAt: row.rotated_at,
        expiresAt: row.expires_at,
        createdAt: row.created_at,
      })),
    };
  },
});
