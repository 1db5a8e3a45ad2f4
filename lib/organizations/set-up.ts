import "server-only";
import { sql } from "kysely";
import { hashPassword } from "@/lib/identity/password";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { useSetupSecret } from "@/lib/setup/setup-link";
import { setUpInput } from "./set-up-input";

// Makes the organization and its first System Admin, once, for whoever holds the link that the server printed. The actor is the
// operator of an organization whose id was made beforehand: its audit trail begins with this command.

/** Gives the new person's id. Errors: conflict when there is an organization, not_found when the secret doesn't hold. */
export const setUpOrganization = defineCommand({
  name: "organization.created",
  permission: "organization:update",
  input: setUpInput,
  scope: () => ({}),
  run: async ({ tx, actor, input, request }) => {
    await sql`select pg_advisory_xact_lock(hashtext('reeve set-up'))`.execute(tx);
    if (await tx.selectFrom("organization").select("id").executeTakeFirst())
      throw new AppError("conflict", "This installation is set up already.", { fix: "Sign in." });
    if (!(await useSetupSecret(tx, input.secret)))
      throw new AppError("not_found", "This set-up link doesn't hold any more.", { fix: "Restart the server: it prints a new one." });

    const organization = { id: actor.organizationId, name: input.organization, time_zone: input.timeZone };
    const person = { id: newId(), email: input.email, full_name: input.name };
    const grant = { id: newId(), role: "system-admin", scope_kind: "organization", source: "setup" };
    const organization_id = organization.id;
    await tx.insertInto("organization").values(organization).execute();
    await tx
      .insertInto("principal")
      .values({ ...person, organization_id, kind: "user", name: input.email.toLowerCase() })
      .execute();
    await tx
      .insertInto("local_password")
      .values({ principal_id: person.id, hash: await hashPassword(input.password) })
      .execute();
    await tx
      .insertInto("role_grant")
      .values({ ...grant, organization_id, principal_id: person.id, opened_request_id: request.requestId })
      .execute();
    return {
      result: { principalId: person.id },
      audit: [
        { target: { type: "organization", id: organization.id, name: organization.name }, after: { name: organization.name, timeZone: input.timeZone } },
        {
          action: "user.created",
          target: { type: "user", id: person.id, name: person.full_name },
          after: { name: person.full_name, email: person.email, signIn: "local" },
        },
        {
          action: "grant.created",
          target: { type: "grant", id: grant.id, name: person.full_name },
          after: { role: grant.role, scope: grant.scope_kind, source: grant.source },
        },
      ],
    };
  },
});
