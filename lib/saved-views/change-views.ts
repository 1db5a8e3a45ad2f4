import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField, nameField } from "@/lib/kernel/form-fields";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { mayShareViews } from "./may-share";
import { viewQuery } from "./view-query";

// Saved views of lists. Everybody saves their own; who looks after the place shares, and changes or removes shared ones. A view holds a
// search string and nothing else: what it shows is decided by the list that it opens.

const AT_MOST_OWN = 100;

const queryField = z.string().transform((text, context) => {
  const query = viewQuery(text);
  if (query === undefined) context.addIssue({ code: "custom", message: "A view keeps filters, sorting and columns, up to 2,000 characters." });
  return query ?? "";
});
const listField = z.string().regex(/^[a-z][a-z-]*(\/[a-z][a-z-]*){0,3}$/, "is no list");
const momentText = z.iso.datetime({ offset: true });

const own = ({ actor }: { actor: Actor }) => ({ ownerId: actor.id });

/** Saves a view of a list, private or shared. Errors: forbidden to share, conflict for a name that is taken. */
export const saveView = defineCommand({
  name: "view.saved",
  permission: "session:read",
  input: z.strictObject({
    list: listField,
    project: z.string().max(100).default(""),
    name: nameField,
    query: queryField,
    isShared: booleanField.default(false),
  }),
  scope: own,
  run: async ({ tx, actor, input, workspace }) => {
    const workspaceId = workspace.id || null;
    if (input.isShared) requireSharing(actor, workspaceId);
    const project = input.project && workspaceId ? await projectId(tx, workspaceId, input.project) : null;
    const { count } = await tx
      .selectFrom("saved_view")
      .select(sql<number>`count(*)::int`.as("count"))
      .where("created_by", "=", actor.id)
      .executeTakeFirstOrThrow();
    if (count >= AT_MOST_OWN) throw new AppError("conflict", `You have ${AT_MOST_OWN} views already.`, { fix: "Delete one that you don't use." });
    const id = newId();
    await named(input.name, () =>
      tx
        .insertInto("saved_view")
        .values({
          id,
          organization_id: actor.organizationId,
          workspace_ref: workspaceId,
          project_ref: project,
          list: input.list,
          name: input.name,
          query: input.query,
          is_shared: input.isShared,
          created_by: actor.id,
        })
        .execute(),
    );
    const after = { name: input.name, list: input.list, query: input.query, shared: input.isShared };
    return { result: { id }, audit: { target: { type: "view", id, name: input.name, projectId: project }, after } };
  },
});

/** Renames a view, shares it or takes it back, or keeps another search string. Errors: not_found, forbidden, conflict. */
export const updateView = defineCommand({
  name: "view.updated",
  permission: "session:read",
  input: z.strictObject({
    id: z.uuid(),
    updatedAt: momentText,
    name: nameField.optional(),
    query: queryField.optional(),
    isShared: booleanField.optional(),
  }),
  scope: own,
  run: async ({ tx, actor, input, workspace }) => {
    const view = await changeable(tx, actor, input.id, workspace.id || null);
    if (Date.parse(view.updated_at) !== Date.parse(input.updatedAt))
      throw new AppError("conflict", "Somebody changed this view meanwhile.", { fix: "Load the page again, and look at what it is now." });
    const next = { name: input.name ?? view.name, query: input.query ?? view.query, is_shared: input.isShared ?? view.is_shared };
    if (next.is_shared && !view.is_shared) requireSharing(actor, view.workspace_ref);
    if (next.name === view.name && next.query === view.query && next.is_shared === view.is_shared) return { result: null, audit: UNCHANGED };
    // A shared view that is taken back is its maker's.
    await named(next.name, () =>
      tx
        .updateTable("saved_view")
        .set({ ...next, updated_at: sql<string>`clock_timestamp()` })
        .where("id", "=", view.id)
        .execute(),
    );
    const facts = (row: typeof next) => ({ name: row.name, query: row.query, shared: row.is_shared });
    return {
      result: null,
      audit: { target: { type: "view", id: view.id, name: next.name, projectId: view.project_ref }, before: facts(view), after: facts(next) },
    };
  },
});

/** Deletes a view; nothing hangs on one. Errors: not_found, forbidden. */
export const deleteView = defineCommand({
  name: "view.deleted",
  permission: "session:read",
  input: z.strictObject({ id: z.uuid() }),
  scope: own,
  run: async ({ tx, actor, input, workspace }) => {
    const view = await changeable(tx, actor, input.id, workspace.id || null);
    await tx.deleteFrom("saved_view").where("id", "=", view.id).execute();
    const before = { name: view.name, list: view.list, query: view.query, shared: view.is_shared };
    return { result: null, audit: { target: { type: "view", id: view.id, name: view.name, projectId: view.project_ref }, before } };
  },
});

async function changeable(tx: Tx, actor: Actor, id: string, workspaceId: string | null) {
  const view = await tx
    .selectFrom("saved_view")
    .select(["id", "list", "workspace_ref", "project_ref", "name", "query", "is_shared", "created_by", "updated_at"])
    .where("id", "=", id)
    .where("organization_id", "=", actor.organizationId)
    .where("workspace_ref", workspaceId ? "=" : "is", workspaceId)
    .forUpdate()
    .executeTakeFirst();
  if (!view || (view.created_by !== actor.id && !view.is_shared))
    throw new AppError("not_found", "There is no such view here.", { fix: "It may have been deleted." });
  if (view.created_by !== actor.id) requireSharing(actor, view.workspace_ref);
  return view;
}

function requireSharing(actor: Actor, workspaceId: string | null): void {
  if (mayShareViews(actor, workspaceId)) return;
  const role = workspaceId ? "Workspace Admin" : "System Admin";
  throw new AppError("forbidden", `Shared views are a ${role}'s.`, { fix: `Save it for yourself, or ask a ${role} to share it.`, reason: "not_sharer" });
}

async function projectId(tx: Tx, workspaceId: string, name: string): Promise<string> {
  const row = await tx.selectFrom("project").select("id").where("workspace_id", "=", workspaceId).where("name", "=", name).executeTakeFirst();
  if (!row) throw new AppError("not_found", "There is no such project here.");
  return row.id;
}

async function named(name: string, write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if ((error as { code?: string }).code !== "23505") throw error;
    throw new AppError("conflict", `A view of this list is called ${name} already.`, { cause: error, fields: { name: "This name is taken." } });
  }
}
