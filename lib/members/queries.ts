import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import type { Fields } from "@/lib/kernel/list";
import { listInput } from "@/lib/kernel/list-input";
import { inOrder, pageOfIds } from "@/lib/kernel/page-of-ids";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { defaultProjects } from "@/lib/projects/choose-default-project";
import { type Account, loadAccounts } from "./load-accounts";

// The people of a workspace: those who hold or held a grant there or on the organization. Others don't exist for its members. E-mail
// addresses are shown to their owner only (PERMISSIONS §2: names). Who holds only direct shares there finds nobody but themselves.

export type Member = Account & { email: string | null; isAdmin: boolean; defaultProjectId: string | null };

export const MEMBER_FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("p.id"), required: true },
  name: { kind: "text", sql: sql.ref("p.name"), required: true },
  full_name: { kind: "text", sql: sql.ref("p.full_name") },
  active: { kind: "bool", sql: sql.ref("p.active") },
  created: { kind: "time", sql: sql.ref("p.created_at"), required: true },
  updated: { kind: "time", sql: sql.ref("p.updated_at"), required: true },
};

/** The account that asks. */
export const currentMember = defineQuery({
  name: "user.current",
  permission: "user:read",
  input: z.strictObject({}),
  run: async ({ tx, actor, workspace }): Promise<Member> => {
    const account = (await loadAccounts(tx, [actor.id])).get(actor.id);
    if (!account) throw new AppError("not_found", "This account is not a member of a workspace.");
    return {
      ...account,
      email: actor.email,
      isAdmin: can(actor, "workspace:update", { workspaceId: workspace?.id }).allowed,
      defaultProjectId: workspace ? ((await defaultProjects(tx, actor, workspace.id, [actor.id])).get(actor.id) ?? null) : null,
    };
  },
});

/** The people of the workspace, a page at a time. */
export const listMembers = defineQuery({
  name: "user.list",
  permission: "user:read",
  input: listInput,
  run: async ({ tx, actor, workspace, input }): Promise<{ total: number; items: Member[] }> => {
    const { total, ids } = await pageOfIds(tx, {
      from: sql`principal p`,
      id: "p.id",
      fields: MEMBER_FIELDS,
      ...input,
      visible: peopleOf(workspace?.id, actor),
    });
    return { total, items: inOrder(ids, await membersOf(tx, ids, actor, workspace?.id)) };
  },
});

/** One of them by id or name. Error: not_found. */
export const getMember = defineQuery({
  name: "user.get",
  permission: "user:read",
  input: z.strictObject({ nameOrId: z.string() }),
  run: async ({ tx, actor, workspace, input: { nameOrId } }): Promise<Member> => {
    const match = isUuid(nameOrId) ? sql`p.id = ${nameOrId}` : sql`lower(p.name) = lower(${nameOrId})`;
    const { rows } = await sql<{ id: string }>`select p.id from principal p where ${peopleOf(workspace?.id, actor)} and ${match}`.execute(tx);
    const [member] = await membersOf(
      tx,
      rows.map((row) => row.id),
      actor,
      workspace?.id,
    );
    if (!member) throw new AppError("not_found", `There is no user ${nameOrId} here.`);
    return member;
  },
});

function peopleOf(workspaceId: string | undefined, actor: Actor): RawBuilder<SqlBool> {
  return sql<SqlBool>`p.kind = 'user' and p.organization_id = ${actor.organizationId} and (p.id = ${actor.id} or (${can(actor, "user:read", { workspaceId }).allowed} and exists (
    select 1 from role_grant g where g.principal_id = p.id and g.effect = 'allow' and (g.workspace_ref is null or g.workspace_ref = ${workspaceId ?? null}))))`;
}

async function membersOf(tx: Tx, ids: readonly string[], actor: Actor, workspaceId: string | undefined): Promise<Member[]> {
  const accounts = await loadAccounts(tx, ids);
  if (accounts.size === 0) return [];
  const admins = await tx
    .selectFrom("role_grant")
    .select("principal_id")
    .where("principal_id", "in", [...accounts.keys()])
    .where("role", "in", ["workspace-admin", "system-admin"])
    .where("effect", "=", "allow")
    .where("thing_id", "is", null)
    .where((eb) => eb.or([eb("workspace_ref", "is", null), ...(workspaceId ? [eb("workspace_ref", "=", workspaceId)] : [])]))
    .where(sql<SqlBool>`valid_from <= now() and (valid_to is null or valid_to > now())`)
    .execute();
  const isAdmin = new Set(admins.map((row) => row.principal_id));
  const projects = workspaceId ? await defaultProjects(tx, actor, workspaceId, [...accounts.keys()]) : new Map<string, string | null>();
  return [...accounts.values()].map((account) => ({
    ...account,
    email: account.id === actor.id ? actor.email : null,
    isAdmin: isAdmin.has(account.id),
    defaultProjectId: projects.get(account.id) ?? null,
  }));
}
