import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { powerOver } from "@/lib/access/grant-power";
import { grantFacts, openGrant } from "@/lib/access/grants";
import { systemRole } from "@/lib/authz/permissions";
import { wireRole, workspaceScope } from "@/lib/access/wire-role";
import { newLink } from "@/lib/identity/one-use-link";
import { hashPassword } from "@/lib/identity/password";
import { passwordProblem, passwordSentence } from "@/lib/identity/password-rule";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { nameField } from "@/lib/kernel/form-fields";
import { isUuid, newId } from "@/lib/kernel/id";

// Makes a person with a local account, as a client's `user create` does: a name is enough, an e-mail address is not needed. Without a
// password the account is not active, and a token of seven days lets the person set one. Browsers invite instead (invite-person.ts).

const TOKEN_MINUTES = 7 * 24 * 60;

/** Gives the person's id, and the activation token of an account without a password. Errors: conflict, invalid_input, forbidden. */
export const createPerson = defineCommand({
  name: "user.created",
  permission: "user:create",
  input: z.strictObject({
    name: nameField.refine((name): boolean => !isUuid(name), "A name is not an id."),
    fullName: z.string().trim().max(100).default(""),
    password: z.string().max(1_024).nullish(),
    isAdmin: z.boolean().default(false),
  }),
  scope: ({ workspace }) => ({ workspaceId: workspace.id }),
  run: async ({ tx, actor, input, workspace, now, request }) => {
    const taken = await tx
      .selectFrom("principal")
      .select("id")
      .where("organization_id", "=", actor.organizationId)
      .where("home_workspace_id", "is", null)
      .where(sql<boolean>`lower(name) = lower(${input.name})`)
      .where("deleted_at", "is", null)
      .executeTakeFirst();
    if (taken) throw new AppError("conflict", `There is an account named ${input.name} already.`, { fix: "Choose another name." });
    if (input.password) {
      const organization = await tx.selectFrom("organization").select("name").where("id", "=", actor.organizationId).executeTakeFirstOrThrow();
      const problem = passwordProblem(input.password, [input.name, input.fullName, organization.name]);
      if (problem) throw new AppError("invalid_input", passwordSentence(problem), { fields: { password: passwordSentence(problem) } });
    }
    const id = newId();
    const isEmail = z.email().safeParse(input.name).success;
    const active = Boolean(input.password);
    await tx
      .insertInto("principal")
      .values({
        id,
        organization_id: actor.organizationId,
        kind: "user",
        name: input.name,
        email: isEmail ? input.name : null,
        full_name: input.fullName,
        active,
        created_by: actor.id,
        created_at: now,
        updated_at: now,
      })
      .execute();
    if (input.password)
      await tx
        .insertInto("local_password")
        .values({ principal_id: id, hash: await hashPassword(input.password) })
        .execute();
    const link = active ? null : await newLink(tx, { principalId: id, purpose: "activation", createdBy: actor.id, minutes: TOKEN_MINUTES });
    const made = {
      target: { type: "user", id, name: input.fullName || input.name },
      after: { name: input.name, fullName: input.fullName, active, signIn: input.password ? "local" : "none yet" },
    };
    const result = { id, activationToken: link?.secret ?? null };
    const role = input.isAdmin ? systemRole("workspace-admin") : await wireRole(tx, actor, workspace.id);
    if (!role) return { result, audit: [made] };
    const scope = workspaceScope(workspace.id);
    const subject = { id, kind: "user" as const, name: input.fullName || input.name, homeWorkspaceId: null };
    const grant = { subject, role, scope, effect: "allow" as const, until: powerOver(actor, role, scope).until, source: "person" as const, reason: "" };
    const opened = await openGrant(tx, actor, request.requestId, grant);
    return { result, audit: [made, { action: "grant.created", target: { type: "grant", id: opened.id, name: subject.name }, after: grantFacts(grant) }] };
  },
});

/**
 * A token that lets a person who is not active set a password and be active again; replaces an older one. Whoever holds it becomes that
 * person, so no credential with limits gets it: it would outgrow them. Errors: not_found, conflict, forbidden.
 */
export const createActivation = defineCommand({
  name: "activation-link.created",
  permission: "user:update",
  input: z.strictObject({ principalId: z.uuid() }),
  scope: async ({ tx, actor, input }) => {
    const person = await tx
      .selectFrom("principal")
      .select(["id", "name", "full_name", "active"])
      .where("id", "=", input.principalId)
      .where("organization_id", "=", actor.organizationId)
      .where("kind", "=", "user")
      .forUpdate()
      .executeTakeFirst();
    if (!person) throw new AppError("not_found", "There is no such person here.");
    return { thing: { type: "user", id: person.id, name: person.full_name || person.name }, person };
  },
  run: async ({ tx, actor, target: { person, thing } }) => {
    if (actor.limits || actor.workload) throw new AppError("forbidden", "A limited credential gives nobody an account.", { reason: "not_by_this_credential" });
    if (person.active) throw new AppError("conflict", `${thing.name} is active.`);
    const link = await newLink(tx, { principalId: person.id, purpose: "activation", createdBy: actor.id, minutes: TOKEN_MINUTES });
    return { result: { token: link.secret }, audit: { target: thing, after: { endsAt: link.expiresAt } } };
  },
});
