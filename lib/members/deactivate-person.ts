import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { reasonField } from "@/lib/access/access-input";
import { keepASystemAdmin } from "@/lib/access/keep-a-system-admin";
import { endCommandLines } from "@/lib/identity/end-command-lines";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { loadPerson } from "./person";

// A leaver. On the next request nothing of theirs holds: sessions and password logins are gone, devices locked, tokens revoked, and keys of service accounts
// that they made or saw end too, after the days of grace that a workspace may set (PERMISSIONS §3 rule 10). Grants stay as they were, for
// the record and for a return; they give nothing while the account is not active.

/** Errors: not_found, conflict when not active or oneself, forbidden when nobody would be System Admin. */
export const deactivatePerson = defineCommand({
  name: "user.deactivated",
  permission: "user:deactivate",
  input: z.strictObject({ principalId: z.uuid(), reason: reasonField }),
  scope: ({ tx, actor, input }) => loadPerson(tx, actor, input.principalId),
  run: async ({ tx, actor, input, target: { person } }) => {
    if (person.id === actor.id) throw new AppError("conflict", "Nobody deactivates their own account.", { fix: "Ask another System Admin." });
    if (!person.active) throw new AppError("conflict", `${person.name} is not active.`);
    const now = sql<string>`clock_timestamp()`;
    await tx.updateTable("principal").set({ active: false, ended_by: "person", ended_at: now, updated_at: now }).where("id", "=", person.id).execute();
    const sessions = await tx.deleteFrom("session").where("principal_id", "=", person.id).executeTakeFirst();
    const devices = await endCommandLines(tx, person.id, actor.id);
    const tokens = await tx
      .updateTable("personal_token")
      .set({ revoked_at: now, updated_at: now })
      .where("principal_id", "=", person.id)
      .where("revoked_at", "is", null)
      .executeTakeFirst();
    const requests = await tx
      .updateTable("access_request")
      .set({ state: "withdrawn", decided_at: now })
      .where("principal_id", "=", person.id)
      .where("state", "=", "open")
      .executeTakeFirst();
    const { rows: keys } = await sql<{ id: string; name: string; account: string; expires_at: string }>`
      update api_key k set expires_at = least(coalesce(k.expires_at, 'infinity'), clock_timestamp() + make_interval(days => coalesce(w.leaver_grace_days, 0))),
        updated_at = clock_timestamp()
      from principal a left join workspace w on w.id = a.home_workspace_id
      where a.id = k.principal_id and k.active and ${person.id} in (k.created_by, k.issued_to)
        and (k.expires_at is null or k.expires_at > clock_timestamp())
      returning k.id, k.name, a.name as account, k.expires_at`.execute(tx);
    await tx.deleteFrom("one_use_link").where("principal_id", "=", person.id).execute();
    await keepASystemAdmin(tx, actor.organizationId);
    const ended = {
      sessions: Number(sessions.numDeletedRows),
      devices,
      personalTokens: Number(tokens.numUpdatedRows),
      requests: Number(requests.numUpdatedRows),
      keys: keys.map((key) => ({ account: key.account, key: key.name, endsAt: key.expires_at })),
    };
    return {
      result: { id: person.id, name: person.name, ...ended },
      audit: {
        target: { type: "user", id: person.id, name: person.name },
        before: { active: true },
        after: { active: false, ended },
        reason: input.reason || undefined,
      },
    };
  },
});
