import "server-only";
import { z } from "zod";
import { can } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";
import { BINDING_KINDS, type BindingKind, type BindingTarget, closeBindings, openBinding } from "./bindings";
import { lockSecret } from "./find-secret";

// Binds a secret to a stack, a component, a pipeline or one of its steps: runs there may use it. It asks for both rights: to bind the secret,
// and to change the thing, whose runs get the values as environment variables.

const input = z
  .strictObject({
    id: z.uuid(),
    kind: z.enum(BINDING_KINDS),
    targetId: z.uuid(),
    step: z.string().trim().max(255).nullish(),
  })
  .refine(({ kind, step }) => kind !== "step" || Boolean(step), { message: "Name the step.", path: ["step"] });

/** Binds a secret. Errors: not_found for the secret or the thing, forbidden for a thing that the actor may not change. */
export const bindSecret = defineCommand({
  name: "secret.bound",
  permission: "secret:bind",
  input,
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: async ({ tx, actor, input, target: { secret }, request, now }) => {
    const target = await targetOf(tx, actor, secret.workspace_id, input.kind, input.targetId);
    if (secret.project_id && target.projectId && target.projectId !== secret.project_id)
      throw new AppError("invalid_input", `${secret.name} belongs to another project than ${target.name}.`, {
        fields: { targetId: "Choose one of its project." },
      });
    const entry = await openBinding(
      tx,
      { secret, target: { ...target, step: input.step }, path: "attached" },
      { actorId: actor.id, requestId: request.requestId, now },
    );
    return { result: null, audit: entry ?? UNCHANGED };
  },
});

/** Ends a binding that somebody made. Errors: not_found, in_use for one that a configuration makes by referring to the secret. */
export const unbindSecret = defineCommand({
  name: "secret.unbound",
  permission: "secret:bind",
  input: z.strictObject({ id: z.uuid(), bindingId: z.uuid() }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: async ({ tx, actor, input, target: { secret }, request, now }) => {
    const binding = await tx
      .selectFrom("secret_binding")
      .select(["path", "target_name", "valid_to"])
      .where("id", "=", input.bindingId)
      .where("secret_id", "=", secret.id)
      .executeTakeFirst();
    if (!binding) throw new AppError("not_found", "The secret has no such binding.");
    if (binding.valid_to !== null) return { result: null, audit: UNCHANGED };
    const entries = await closeBindings(tx, { ids: [input.bindingId] }, { actorId: actor.id, requestId: request.requestId, now });
    return { result: null, audit: entries };
  },
});

/** Error: not_found, forbidden for who may not change it. */
async function targetOf(tx: Tx, actor: Actor, workspaceId: string, kind: BindingKind, id: string): Promise<BindingTarget> {
  const noun = kind === "step" ? "pipeline" : kind;
  const found =
    noun === "pipeline"
      ? await tx
          .selectFrom("pipeline")
          .select(["id", "name", "created_by", "project_id"])
          .where("id", "=", id)
          .where("workspace_id", "=", workspaceId)
          .executeTakeFirst()
      : await tx.selectFrom(noun).select(["id", "name", "created_by"]).where("id", "=", id).where("workspace_id", "=", workspaceId).executeTakeFirst();
  const projectId = found && "project_id" in found ? (found.project_id as string) : null;
  const target = { workspaceId, projectId, ownerId: found?.created_by, thing: { type: noun, id, name: found?.name ?? null } };
  if (!found || !can(actor, `${noun}:read`, target).allowed) throw new AppError("not_found", `There is no ${noun} ${id} here.`);
  if (!can(actor, `${noun}:update`, target).allowed)
    throw new AppError("forbidden", `Runs of the ${noun} ${found.name} would get these values, and changing it is not in your role.`, {
      fix: `Ask its owner or a Workspace Admin to bind the secret.`,
      reason: "no_grant",
    });
  return { kind, id, name: found.name, projectId };
}
