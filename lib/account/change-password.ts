import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { hashPassword, verifyPassword } from "@/lib/identity/password";
import { MAX_PASSWORD_LENGTH, passwordProblem, passwordSentence } from "@/lib/identity/password-rule";
import { absolve, accountKey, charge } from "@/lib/identity/throttle";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { PasswordChange } from "./schema";

/**
 * Changes one's own password, knowing the old one. Every other session and every password login on a command line ends; devices, tokens
 * and keys stay. A wrong old password counts as a guess. Errors: invalid_input for a weak new one, conflict without a local password.
 */
export const changePassword = defineCommand({
  name: "password.changed",
  permission: "session:create",
  input: z.strictObject({ current: z.string().min(1, "The present password is missing.").max(1_024), next: z.string().max(MAX_PASSWORD_LENGTH * 4) }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input }) => {
    const target = { type: "user", id: actor.id, name: actor.fullName || actor.name };
    const refused = (result: PasswordChange, reason: string) => ({ result, audit: { target, outcome: "denied" as const, reason } });
    if (actor.credential.kind !== "session" && actor.credential.kind !== "password")
      throw new AppError("forbidden", "A password is changed in the browser, or by a client that logged in with it.", { reason: "not_by_this_credential" });
    const row = await tx
      .selectFrom("principal as p")
      .innerJoin("local_password as l", "l.principal_id", "p.id")
      .innerJoin("organization as o", "o.id", "p.organization_id")
      .select(["l.hash", "o.name as organization"])
      .where("p.id", "=", actor.id)
      .executeTakeFirst();
    if (!row) throw new AppError("conflict", "This account has no password of its own.", { fix: "It signs in another way." });
    const problem = passwordProblem(input.next, [actor.fullName, actor.name, actor.email ?? "", row.organization]);
    if (problem) throw new AppError("invalid_input", passwordSentence(problem), { fields: { next: passwordSentence(problem) } });
    const key = accountKey(`change ${actor.id}`);
    const waitS = await charge(key, tx);
    if (waitS > 0) return refused({ status: "throttled", waitS }, "throttled");
    if (!(await verifyPassword(row.hash, input.current))) return refused({ status: "wrong_password" }, "wrong_password");
    await absolve(key, tx);
    const now = sql<string>`clock_timestamp()`;
    await tx
      .updateTable("local_password")
      .set({ hash: await hashPassword(input.next), changed_at: now })
      .where("principal_id", "=", actor.id)
      .execute();
    await tx
      .updateTable("principal")
      .set((eb) => ({ epoch: eb("epoch", "+", 1), updated_at: now }))
      .where("id", "=", actor.id)
      .execute();
    const { numDeletedRows } = await tx.deleteFrom("session").where("principal_id", "=", actor.id).where("id", "<>", actor.credential.id).executeTakeFirst();
    const result: PasswordChange = { status: "changed", sessionsEnded: Number(numDeletedRows) };
    return { result, audit: { target, after: { sessionsEnded: result.sessionsEnded } } };
  },
});
