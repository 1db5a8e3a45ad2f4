import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import type { Fields } from "@/lib/kernel/list";
import { listInput } from "@/lib/kernel/list-input";
import { inOrder, pageOfIds } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { homeOf, findAccount, findKey } from "./find-service-account";

// Service accounts and keys by offset, as clients list them: those of the workspace.

export type AccountView = {
  id: string;
  name: string;
  full_name: string;
  description: string;
  active: boolean;
  created_at: string;
  updated_at: string;
};
export type KeyView = {
  id: string;
  name: string;
  description: string;
  active: boolean;
  retain_period_minutes: number;
  last_used_at: string | null;
  last_rotated_at: string | null;
  created_at: string;
  updated_at: string;
};

export const ACCOUNT_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("p.id"), required: true },
  name: { kind: "text", sql: sql.ref("p.name"), required: true },
  description: { kind: "text", sql: sql.ref("p.description") },
  active: { kind: "bool", sql: sql.ref("p.active") },
  external_user_id: { kind: "uuid", sql: sql`null::uuid` },
  created: { kind: "time", sql: sql.ref("p.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("p.updated_at"), required: true },
};

export const KEY_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("k.id"), required: true },
  name: { kind: "text", sql: sql.ref("k.name"), required: true },
  description: { kind: "text", sql: sql.ref("k.description") },
  active: { kind: "bool", sql: sql.ref("k.active") },
  last_login: { kind: "time", sql: sql`greatest(k.last_used_at, k.last_login_at)` },
  last_rotated: { kind: "time", sql: sql.ref("k.last_rotated_at") },
  created: { kind: "time", sql: sql.ref("k.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("k.updated_at"), required: true },
};

/** A page of the workspace's accounts. */
export const pageServiceAccounts = defineQuery({
  name: "service-account.listed",
  permission: "service-account:read",
  input: listInput,
  run: async ({ tx, actor, workspace, input }): Promise<{ total: number; items: AccountView[] }> => {
    const readable = visibleTo(actor, "service-account:read", { workspaceId: "p.home_workspace_id", ownerId: "p.id" });
    const { total, ids } = await pageOfIds(tx, {
      from: sql`principal p`,
      id: "p.id",
      fields: ACCOUNT_FIELDS,
      ...input,
      visible: sql`p.kind = 'service_account' and p.deleted_at is null and p.home_workspace_id = ${homeOf(workspace)} and ${readable}`,
    });
    return { total, items: inOrder(ids, await readAccounts(tx, ids)) };
  },
});

/** One account by name or id. Error: not_found. */
export const readServiceAccount = defineQuery({
  name: "service-account.read",
  permission: "service-account:read",
  input: z.strictObject({ account: z.string() }),
  scope: ({ tx, workspace, input }) => findAccount(tx, workspace, input.account),
  run: async ({ tx, workspace, input }): Promise<AccountView> => (await findAccount(tx, workspace, input.account)).account,
});

/** A page of an account's keys, with the account. Error: not_found. */
export const pageApiKeys = defineQuery({
  name: "api-key.listed",
  permission: "api-key:read",
  input: listInput.extend({ account: z.string() }),
  scope: ({ tx, workspace, input }) => findAccount(tx, workspace, input.account),
  run: async ({ tx, workspace, input }): Promise<{ total: number; items: KeyView[]; account: AccountView }> => {
    const { account: name, ...list } = input;
    const { account } = await findAccount(tx, workspace, name);
    const { total, ids } = await pageOfIds(tx, {
      from: sql`api_key k`,
      id: "k.id",
      fields: KEY_FIELDS,
      ...list,
      visible: sql`k.principal_id = ${account.id}`,
    });
    return { total, items: inOrder(ids, await readKeyViews(tx, ids)), account };
  },
});

/** One key by name or id, with its account. Error: not_found. */
export const readApiKey = defineQuery({
  name: "api-key.read",
  permission: "api-key:read",
  input: z.strictObject({ account: z.string(), key: z.string() }),
  scope: ({ tx, workspace, input }) => findKey(tx, workspace, input.account, input.key),
  run: async ({ tx, workspace, input }): Promise<{ key: KeyView; account: AccountView }> => {
    const { account, key } = await findKey(tx, workspace, input.account, input.key);
    const [view] = await readKeyViews(tx, [key.id]);
    if (!view) throw new AppError("not_found", `There is no API key ${input.key} of ${account.name}.`);
    return { key: view, account };
  },
});

async function readAccounts(tx: Tx, ids: readonly string[]): Promise<AccountView[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom("principal")
    .select(["id", "name", "full_name", "description", "active", "created_at", "updated_at"])
    .where("id", "in", [...ids])
    .execute();
}

async function readKeyViews(tx: Tx, ids: readonly string[]): Promise<KeyView[]> {
  if (ids.length === 0) return [];
  return tx
    .selectFrom("api_key as k")
    .select(["k.id", "k.name", "k.description", "k.active", "k.retain_period_minutes", "k.last_rotated_at", "k.created_at", "k.updated_at"])
    .select(sql<string | null>`greatest(k.last_used_at, k.last_login_at)`.as("last_used_at"))
    .where("k.id", "in", [...ids])
    .execute();
}
