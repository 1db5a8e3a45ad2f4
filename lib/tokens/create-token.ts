import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import { PERMISSIONS } from "@/lib/authz/permissions";
import type { Actor } from "@/lib/identity/actor";
import { refuseEmergency } from "@/lib/identity/emergency-session";
import { formatPersonalToken, hashPersonalToken, mintPersonalSecret } from "@/lib/identity/personal-token";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { listField, momentField, nameField } from "@/lib/kernel/form-fields";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import type { ShownToken } from "./schema";

// Makes personal tokens: a person's own power or less of it, for their scripts. Only a person in a browser makes one, so that no token
// makes itself a successor; none outlives what the organization allows.

const idField = z.preprocess((value) => (value === "" ? null : value), z.uuid("is not an id").nullish());
const wrong = (field: string, message: string) => new AppError("invalid_input", message, { fields: { [field]: message } });
/** What a form's clock may be ahead. */
const LEEWAY_MS = 60_000;

/** Makes a token; its text leaves here once. Errors: invalid_input, conflict for a name in use, forbidden for any credential but a session. */
export const createPersonalToken = defineCommand({
  name: "personal-token.created",
  permission: "personal-token:create",
  input: z.strictObject({
    name: nameField,
    scopes: listField(z.enum(PERMISSIONS)).nullish(),
    workspaceId: idField,
    projectId: idField,
    until: momentField,
  }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input, now }) => {
    if (actor.kind !== "user" || actor.credential.kind !== "session")
      throw new AppError("forbidden", "A personal token is made in the browser, by its person.", { reason: "not_by_this_credential" });
    await refuseEmergency(tx, actor);
    if (input.scopes?.length === 0) throw wrong("scopes", "Choose at least one permission.");
    const scopes = input.scopes ? [...new Set(input.scopes)] : null;
    const place = await placeOf(tx, actor, input.workspaceId ?? null, input.projectId ?? null);
    const expiresAt = await endOf(tx, actor, now, input.until ?? null);
    const taken = await tx
      .selectFrom("personal_token")
      .select("id")
      .where("principal_id", "=", actor.id)
      .where(sql<boolean>`lower(name) = lower(${input.name})`)
      .where("revoked_at", "is", null)
      .executeTakeFirst();
    if (taken)
      throw new AppError("conflict", `You have a token named ${input.name} already.`, {
        fix: "Choose another name, or revoke that one.",
        fields: { name: "This name is taken." },
      });
    const id = newId();
    const secret = mintPersonalSecret();
    await tx
      .insertInto("personal_token")
      .values({
        id,
        organization_id: actor.organizationId,
        principal_id: actor.id,
        name: input.name,
        secret_hmac: hashPersonalToken(secret),
        scopes,
        workspace_ref: place.workspaceId,
        project_ref: place.projectId,
        expires_at: expiresAt,
      })
      .execute();
    const result: ShownToken = { id, name: input.name, value: formatPersonalToken(id, secret), expiresAt };
    return {
      result,
      audit: {
        target: { type: "personal-token", id, name: input.name },
        after: { name: input.name, scopes, workspace: place.workspace, project: place.project, until: expiresAt },
      },
    };
  },
});

/** The place a token is bound to, readable by its person. Error: invalid_input. */
async function placeOf(tx: Tx, actor: Actor, workspaceId: string | null, projectId: string | null) {
  if (!workspaceId) {
    if (projectId) throw wrong("workspaceId", "Choose the project's workspace too.");
    return { workspaceId: null, projectId: null, workspace: null, project: null };
  }
  const workspace = await tx.selectFrom("workspace").select(["id", "slug"]).where("id", "=", workspaceId).where("state", "=", "active").executeTakeFirst();
  if (!workspace || !can(actor, "workspace:read", { workspaceId }).allowed) throw wrong("workspaceId", "There is no such workspace here.");
  if (!projectId) return { workspaceId, projectId: null, workspace: workspace.slug, project: null };
  await sql`select set_config('reeve.workspaces', ${workspaceId}, true)`.execute(tx);
  const project = await tx.selectFrom("project").select(["id", "name"]).where("id", "=", projectId).where("workspace_id", "=", workspaceId).executeTakeFirst();
  if (!project || !can(actor, "project:read", { workspaceId, projectId }).allowed) throw wrong("projectId", "There is no such project in this workspace.");
  return { workspaceId, projectId, workspace: workspace.slug, project: project.name };
}

/** When it ends: as asked, or as late as the organization allows. Error: invalid_input. */
async function endOf(tx: Tx, actor: Actor, now: string, until: string | null): Promise<string> {
  const { token_days: days } = await tx.selectFrom("organization").select("token_days").where("id", "=", actor.organizationId).executeTakeFirstOrThrow();
  const latest = Date.parse(now) + days * 86_400_000;
  if (!until) return new Date(latest).toISOString();
  if (Date.parse(until) <= Date.parse(now)) throw wrong("until", "The token would end in the past.");
  if (Date.parse(until) > latest + LEEWAY_MS) throw wrong("until", `Tokens here end after ${days} days at the latest.`);
  return until;
}
