import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField, nameField, wholeField } from "@/lib/kernel/form-fields";
import { newId } from "@/lib/kernel/id";
import { loadProvisioned } from "./load-directory";
import { directorySlug, MAX_OVERLAP_HOURS, PROVIDERS, type Provider } from "./schema";
import { mintDirectoryToken } from "./token";

// Directories of the organization and their tokens. A token's value is given once, to who made it.

export type ShownToken = { id: string; slug: string; name: string; token: string };

const providerField = z.enum(Object.keys(PROVIDERS) as [Provider, ...Provider[]]);
const silentField = wholeField.refine((hours) => hours >= 1 && hours <= 8_760, "Between 1 hour and a year (8,760).");
const holdField = wholeField.refine((percent) => percent >= 1 && percent <= 100, "Between 1 and 100 per cent.");

/** Makes a directory with its first token. Error: conflict for a taken name in addresses. */
export const createDirectory = defineCommand({
  name: "directory.created",
  permission: "directory:create",
  input: z.strictObject({
    slug: directorySlug,
    name: nameField,
    provider: providerField,
    silentAfterHours: silentField.default(48),
    holdPercent: holdField.default(20),
  }),
  scope: () => ({}),
  run: async ({ tx, actor, input }) => {
    const taken = await tx
      .selectFrom("directory")
      .select("id")
      .where("organization_id", "=", actor.organizationId)
      .where("slug", "=", input.slug)
      .executeTakeFirst();
    if (taken) throw new AppError("conflict", `There is a directory at ${input.slug} already.`, { fields: { slug: "This name is taken." } });
    const id = newId();
    await tx
      .insertInto("directory")
      .values({
        id,
        organization_id: actor.organizationId,
        slug: input.slug,
        name: input.name,
        provider: input.provider,
        silent_after_hours: input.silentAfterHours,
        hold_percent: input.holdPercent,
        created_by: actor.id,
      })
      .execute();
    const { token } = await mintDirectoryToken(tx, id, actor.id);
    const result: ShownToken = { id, slug: input.slug, name: input.name, token };
    return { result, audit: { target: { type: "directory", id, name: input.name }, after: { ...input } } };
  },
});

/** Renames a directory, sets its alarm, or switches it on and off. A directory that is off is refused; its people stay as they are. */
export const updateDirectory = defineCommand({
  name: "directory.updated",
  permission: "directory:update",
  input: z.strictObject({
    directoryId: z.uuid(),
    name: nameField,
    provider: providerField,
    silentAfterHours: silentField,
    holdPercent: holdField,
    active: booleanField.default(false),
  }),
  scope: ({ tx, actor, input }) => loadProvisioned(tx, actor, input.directoryId),
  run: async ({ tx, input: { directoryId, ...after }, target: { directory }, now }) => {
    await tx
      .updateTable("directory")
      .set({
        name: after.name,
        provider: after.provider,
        silent_after_hours: after.silentAfterHours,
        hold_percent: after.holdPercent,
        active: after.active,
        updated_at: now,
      })
      .where("id", "=", directoryId)
      .execute();
    const { name, provider, silentAfterHours, holdPercent, active } = directory;
    const before = { name, provider, silentAfterHours, holdPercent, active };
    return { result: { id: directoryId }, audit: { target: { type: "directory", id: directoryId, name: after.name }, before, after } };
  },
});

/** Gives a new token; older ones end after the overlap (0: at once). */
export const rotateDirectoryToken = defineCommand({
  name: "directory-token.rotated",
  permission: "directory:update",
  input: z.strictObject({
    directoryId: z.uuid(),
    overlapHours: wholeField.default(0).refine((hours) => hours <= MAX_OVERLAP_HOURS, "The old token can be kept for 30 days at most."),
  }),
  scope: ({ tx, actor, input }) => loadProvisioned(tx, actor, input.directoryId),
  run: async ({ tx, actor, input, target: { directory } }) => {
    const ends = sql<string>`clock_timestamp() + make_interval(hours => ${input.overlapHours})`;
    const old = await tx
      .updateTable("directory_token")
      .set({ expires_at: sql<string>`least(coalesce(expires_at, 'infinity'), ${ends})` })
      .where("directory_id", "=", directory.id)
      .where(sql<boolean>`(expires_at is null or expires_at > clock_timestamp())`)
      .executeTakeFirst();
    const { id, token } = await mintDirectoryToken(tx, directory.id, actor.id);
    const result: ShownToken = { id: directory.id, slug: directory.slug, name: directory.name, token };
    return {
      result,
      audit: {
        target: { type: "directory-token", id, name: directory.name },
        after: { oldTokens: Number(old.numUpdatedRows), oldOnesEndAfterHours: input.overlapHours },
      },
    };
  },
});
