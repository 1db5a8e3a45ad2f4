import "server-only";
import { z } from "zod";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { modelTarget } from "./queries";
import { DOCUMENTATION } from "./schema";

// Writes the documentation of a model, as its page's form sends it. What somebody else changed meanwhile is not overwritten.

const text = z
  .string()
  .trim()
  .max(20_000, "has at most 20,000 characters")
  .refine((value) => !value.includes("\u0000"), "has a character that no text has")
  .transform((value) => value || null);

/** Errors: not_found, conflict when it was changed since `updatedAt`. */
export const documentModel = defineCommand({
  name: "model.documented",
  permission: "model:update",
  input: z.strictObject({
    id: z.uuid(),
    updatedAt: z.string(),
    description: text,
    license: text,
    audience: text,
    use_cases: text,
    limitations: text,
    trade_offs: text,
    ethics: text,
  }),
  scope: ({ tx, input }) => modelTarget(tx, input.id),
  run: async ({ tx, input: { id, updatedAt, ...wanted }, target, now }) => {
    const current = await tx
      .selectFrom("model")
      .select([...DOCUMENTATION.map(({ key }) => key), "updated_at"])
      .where("id", "=", id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    if (current.updated_at !== updatedAt)
      throw new AppError("conflict", "Somebody changed this model while you were writing.", {
        fix: "Copy what you wrote, load the page again and write it there.",
      });
    const changed = DOCUMENTATION.map(({ key }) => key).filter((key) => wanted[key] !== current[key]);
    if (changed.length === 0) return { result: id, audit: UNCHANGED };
    const values = (of: typeof wanted | typeof current) => Object.fromEntries(changed.map((key) => [key, of[key]]));
    await tx
      .updateTable("model")
      .set({ ...values(wanted), updated_at: now })
      .where("id", "=", id)
      .execute();
    return {
      result: id,
      audit: { target: { type: "model", id, name: target.name, projectId: target.projectId }, before: values(current), after: values(wanted) },
    };
  },
});
