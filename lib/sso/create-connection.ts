import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { nameField } from "@/lib/kernel/form-fields";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { defaultAttributes } from "./attribute-defaults";
import { connectionSlug, PROTOCOLS, PROVIDERS, type Protocol, type Provider } from "./schema";

const providerField = z.enum(Object.keys(PROVIDERS) as [Provider, ...Provider[]], { error: "Choose a provider." });
const protocolField = z.enum(Object.keys(PROTOCOLS) as [Protocol, ...Protocol[]], { error: "Choose a protocol." });

/**
 * Makes a connection, not switched on, and the directory that keeps the groups which its sign-ins bring: rules on them are then rules as any.
 * Error: conflict for a taken name in addresses.
 */
export const createConnection = defineCommand({
  name: "sso-connection.created",
  permission: "sso-connection:create",
  input: z.strictObject({ slug: connectionSlug, name: nameField, provider: providerField, protocol: protocolField }),
  scope: () => ({}),
  run: async ({ tx, actor, input }) => {
    const taken = await tx
      .selectFrom("sso_connection")
      .select("id")
      .where("organization_id", "=", actor.organizationId)
      .where("slug", "=", input.slug)
      .where("deleted_at", "is", null)
      .executeTakeFirst();
    if (taken) throw new AppError("conflict", `There is a connection at ${input.slug} already.`, { fields: { slug: "This name is taken." } });
    const createdBy = actor.kind === "user" ? actor.id : null;
    const directoryId = newId();
    await tx
      .insertInto("directory")
      .values({
        id: directoryId,
        organization_id: actor.organizationId,
        slug: await freeDirectorySlug(tx, actor.organizationId, input.slug),
        name: input.name,
        provider: "claims",
        created_by: createdBy,
      })
      .execute();
    const id = newId();
    await tx
      .insertInto("sso_connection")
      .values({
        ...input,
        id,
        organization_id: actor.organizationId,
        attributes: JSON.stringify(defaultAttributes(input.provider, input.protocol)),
        directory_id: directoryId,
        created_by: createdBy,
      })
      .execute();
    return { result: { id, slug: input.slug, name: input.name }, audit: { target: { type: "sso-connection", id, name: input.name }, after: { ...input } } };
  },
});

/** A name in addresses that no directory has, made of the connection's. */
async function freeDirectorySlug(tx: Tx, organizationId: string, slug: string): Promise<string> {
  const taken = await tx
    .selectFrom("directory")
    .select("slug")
    .where("organization_id", "=", organizationId)
    .where("slug", "like", `${slug.slice(0, 50)}%`)
    .execute();
  const used = new Set(taken.map((row) => row.slug));
  for (let at = 1; ; at++) {
    const candidate = `${slug.slice(0, 50)}-claims${at === 1 ? "" : `-${at}`}`;
    if (!used.has(candidate)) return candidate;
  }
}
