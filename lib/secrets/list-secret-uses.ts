import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import type { Fields } from "@/lib/kernel/list";
import { type KeysetPage, keysetInput, keysetPage } from "@/lib/kernel/keyset-page";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { findSecret } from "./find-secret";
import type { SecretUseRow } from "./row-schema";

// Who read the values of one secret, when and what for: the ledger that every reading is written to.

const FIELDS: Fields = {
  at: { kind: "time", sql: sql.ref("x.at"), required: true },
  who: { kind: "text", sql: sql.ref("x.who"), required: true },
  credential: { kind: "enum", sql: sql.ref("x.credential_kind"), required: true },
  purpose: { kind: "enum", sql: sql.ref("x.purpose"), required: true },
  reason: { kind: "text", sql: sql.ref("x.reason") },
  version: { kind: "number", sql: sql.ref("x.version"), required: true },
  run: { kind: "text", sql: sql.ref("x.run") },
  step: { kind: "text", sql: sql.ref("x.step") },
  exactness: { kind: "enum", sql: sql.ref("x.exactness") },
  request: { kind: "text", sql: sql.ref("x.request_id"), required: true },
  workspace: { kind: "text", sql: sql.ref("x.workspace"), required: true },
};

type Found = {
  id: string;
  secret_id: string;
  workspace: string;
  at: string;
  who: string;
  who_kind: string;
  credential_kind: string;
  purpose: string;
  reason: string | null;
  version: number;
  request_id: string;
  run_id: string | null;
  run: string | null;
  run_number: number | null;
  project: string | null;
  step: string | null;
  exactness: string | null;
  held_until: string | null;
};

/** Lists the uses of a secret. Errors: not_found; bad_request for a cursor that is not ours, invalid_input for a value that does not fit. */
export const listSecretUses = defineQuery({
  name: "secret-use.table",
  permission: "secret:read",
  input: keysetInput.extend({ secretId: z.uuid() }),
  scope: ({ tx, actor, input }) => findSecret(tx, actor, input.secretId, { takesOrganizations: true }),
  // Who may know the secret may know its uses: the scope has found it for the reader.
  run: ({ tx, actor, input }): Promise<KeysetPage<SecretUseRow>> => readUses(tx, actor, input, sql`= ${input.secretId}`, `uses of ${input.secretId}`),
});

/** Reads uses of the secrets that `which` says of their id; all of them are the reader's to know. `list` names them, for cursors. */
export async function readUses(
  tx: Tx,
  actor: Actor,
  input: z.output<typeof keysetInput>,
  which: RawBuilder<unknown>,
  list: string,
): Promise<KeysetPage<SecretUseRow>> {
  const seen = visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" });
  const source = sql`(
      select e.id, e.secret_id, e.at, e.credential_kind, e.purpose, e.reason, e.version, e.request_id, coalesce(nullif(u.full_name, ''), u.name) as who, u.kind as who_kind,
        e.exactness, r.id as run_id, r.name as run, r.number as run_number, j.name as project, t.name as step, coalesce(e.valid_until, t.end_time, ended.end_time) as held_until,
        w.slug as workspace
      from secret_use e join principal u on u.id = e.principal_id join workspace w on w.id = e.workspace_id
        left join run ended on ended.id = e.run_id left join run r on r.id = e.run_id and ${seen}
        left join project j on j.id = r.project_id left join step_run t on t.id = e.step_run_id and r.id is not null where e.secret_id ${which}
    ) x`;
  const page = await keysetPage<Found>(tx, { source, fields: FIELDS, input, visible: sql<SqlBool>`true`, list, readerId: actor.id });
  const entries = await entriesOf(tx, page.rows);
  return {
    ...page,
    rows: page.rows.map((row) => ({
      id: row.id,
      at: row.at,
      workspace: row.workspace,
      who: { name: row.who, kind: row.who_kind },
      credential: row.credential_kind,
      purpose: row.purpose,
      reason: row.reason,
      version: row.version,
      requestId: row.request_id,
      run: row.run_id && row.project ? { id: row.run_id, number: row.run_number ?? 0, name: row.run ?? "", project: row.project } : null,
      step: row.step,
      exactness: row.exactness,
      heldUntil: row.held_until,
      entry: entries.get(row.request_id) ?? null,
    })),
  };
}

/** The numbers of the entries of these uses, by their requests. */
async function entriesOf(tx: Tx, uses: readonly Pick<Found, "at" | "request_id" | "secret_id">[]): Promise<Map<string, number>> {
  if (uses.length === 0) return new Map();
  const times = uses.map((use) => use.at).sort();
  const { rows } = await sql<{ seq: number; request_id: string }>`
    select seq, request_id from audit_entry where target_id = any(${[...new Set(uses.map((use) => use.secret_id))]}::text[]) and outcome = 'allowed' and action in ('secret.read', 'secret.revealed', 'secret.tested')
      and at between ${times[0]}::timestamptz - interval '1 minute' and ${times.at(-1)}::timestamptz + interval '1 minute'
      and request_id = any(${uses.map((use) => use.request_id)}::text[])`.execute(tx);
  return new Map(rows.map((row) => [row.request_id, Number(row.seq)]));
}
