import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import { newId } from "@/lib/kernel/id";
import { outsideScope, type Tx } from "@/lib/kernel/transaction";

// The bearer tokens of directories: 256 random bits, of which only the SHA-256 is stored. Several may hold at once while one is rotated.

const PREFIX = "reeve_scim_";
const TOKEN = /^reeve_scim_[A-Za-z0-9_-]{43}$/;

const hashOf = (token: string): Buffer => createHash("sha256").update(token).digest();

export const newDirectoryToken = (): string => PREFIX + randomBytes(32).toString("base64url");
export const isDirectoryToken = (text: string): boolean => TOKEN.test(text);

/** The directory that a token was made for, whether it still holds or not; undefined when it is unknown. */
export async function ownerOfToken(tx: Tx, token: string): Promise<string | undefined> {
  const row = await tx.selectFrom("directory_token").select("directory_id").where("secret_sha256", "=", hashOf(token)).executeTakeFirst();
  return row?.directory_id;
}

/** Makes a token of a directory; shown once. */
export async function mintDirectoryToken(tx: Tx, directoryId: string, createdBy: string | null): Promise<{ id: string; token: string }> {
  const token = newDirectoryToken();
  return { id: await keepDirectoryToken(tx, directoryId, token, createdBy), token };
}

/** Keeps a token that was made elsewhere (a set-up file's). */
export async function keepDirectoryToken(tx: Tx, directoryId: string, token: string, createdBy: string | null): Promise<string> {
  const id = newId();
  await tx
    .insertInto("directory_token")
    .values({ id, directory_id: directoryId, secret_sha256: hashOf(token), ending: token.slice(-4), created_by: createdBy })
    .execute();
  return id;
}

export type TokenHolder = { tokenId: string; ending: string; directoryId: string; slug: string; name: string; active: boolean; organizationId: string };

/** Whose token this is; undefined when it is malformed, unknown or has ended. Its use is noted at most once a minute. */
export async function holderOfToken(token: string, address: string | null): Promise<TokenHolder | undefined> {
  if (!isDirectoryToken(token)) return undefined;
  return outsideScope(async (tx) => {
    const row = await tx
      .selectFrom("directory_token as t")
      .innerJoin("directory as d", "d.id", "t.directory_id")
      .select(["t.id as tokenId", "t.ending", "d.id as directoryId", "d.slug", "d.name", "d.active", "d.organization_id as organizationId"])
      .select(sql<boolean>`coalesce(t.last_used_at < now() - interval '1 minute', true)`.as("isStale"))
      .where("t.secret_sha256", "=", hashOf(token))
      .where(sql<boolean>`(t.expires_at is null or t.expires_at > now())`)
      .executeTakeFirst();
    if (!row) return undefined;
    const { isStale, ...holder } = row;
    if (isStale)
      await tx.updateTable("directory_token").set({ last_used_at: sql<string>`now()`, last_used_address: address }).where("id", "=", holder.tokenId).execute();
    return holder;
  });
}
