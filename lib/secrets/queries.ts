import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "@/lib/identity/actor";
import { z } from "zod";
import type { Fields } from "@/lib/kernel/list";
import { listInput } from "@/lib/kernel/list-input";
import { inOrder, pageOfIds } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import { referenceField } from "@/lib/kernel/reference-field";
import type { Tx } from "@/lib/kernel/transaction";
import { type Account, loadAccounts } from "@/lib/members/load-accounts";
import { findSecret, SECRET_COLUMNS, type SecretRow, visibleSecrets } from "./find-secret";

// Secrets as lists and pages show them: names, keys and facts. No query of this file reads a version: lists can't carry values (SEC-6).

export type SecretView = SecretRow & { owner?: Account };

export const SECRET_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("s.id"), required: true },
  name: { kind: "text", sql: sql.ref("s.name"), required: true },
  private: { kind: "bool", sql: sql`(s.private_to is not null)` },
  created: { kind: "time", sql: sql.ref("s.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("s.updated_at"), required: true },
  user: referenceField(sql.ref("s.created_by"), "principal"),
};

/**
 * Clients take a name for one secret, their private one before all others. So a run is shown its project's secret and not the workspace's of the same name; a person,
 * whose client says no project, is shown a project's where nothing else that they may see has its name. The organization's comes last.
 */
function meantByName(actor: Actor): RawBuilder<SqlBool> {
  const same = sql`o.workspace_id = s.workspace_id and o.name = s.name and o.id <> s.id and o.private_to is null and ${visibleSecrets(actor, "o")}`;
  const other = (which: RawBuilder<unknown>) => sql`exists (select 1 from secret o where ${same} and ${which})`;
  const none = sql`true`;
  if (actor.workload)
    return sql<SqlBool>`not (case when s.private_to is not null or s.project_id is not null then false when s.organization_secret_id is not null then ${other(none)}
      else ${other(sql`o.project_id is not null`)} end)`;
  return sql<SqlBool>`not (case when s.project_id is not null then ${other(none)} when s.organization_secret_id is not null then ${other(sql`o.project_id is null`)} else false end)`;
}

/** A page of secrets, without values. */
export const listSecrets = defineQuery({
  name: "secret.list",
  permission: "secret:read",
  input: listInput,
  run: async ({ tx, actor, input }): Promise<{ total: number; items: SecretView[] }> => {
    const { total, ids } = await pageOfIds(tx, {
      from: sql`secret s`,
      id: "s.id",
      fields: SECRET_FIELDS,
      ...input,
      visible: sql<SqlBool>`(${visibleSecrets(actor)} and ${meantByName(actor)})`,
    });
    return { total, items: await withOwners(tx, inOrder(ids, await readSecrets(tx, ids))) };
  },
});

/** One secret, without values. Error: not_found. */
export const getSecret = defineQuery({
  name: "secret.get",
  permission: "secret:read",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, actor, input }) => findSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: ({ tx, target }): Promise<SecretView> => withOwner(tx, target.secret),
});

/** One secret as it is told of. */
export const withOwner = async (tx: Tx, secret: SecretRow): Promise<SecretView> => (await withOwners(tx, [secret]))[0] as SecretView;

const readSecrets = (tx: Tx, ids: readonly string[]): Promise<SecretRow[]> =>
  ids.length === 0
    ? Promise.resolve([])
    : tx
        .selectFrom("secret")
        .select(SECRET_COLUMNS)
        .where("id", "in", [...ids])
        .execute();

async function withOwners(tx: Tx, secrets: readonly SecretRow[]): Promise<SecretView[]> {
  const owners = await loadAccounts(
    tx,
    secrets.map((secret) => secret.created_by),
  );
  return secrets.map((secret) => ({ ...secret, owner: secret.created_by ? owners.get(secret.created_by) : undefined }));
}
