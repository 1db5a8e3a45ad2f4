import "server-only";
import { createHash, randomBytes } from "node:crypto";
import { sql } from "kysely";
import type { Tx } from "@/lib/kernel/transaction";

// Links that do one thing for one person, once: only a hash of the secret is stored, it ends by itself, and a new one replaces an
// unused older one of the same purpose.

export type LinkPurpose = "emergency" | "password" | "activation";
export type NewLink = { secret: string; expiresAt: string };

/** The secret's form: 256 random bits. */
export const LINK_SECRET = /^[A-Za-z0-9_-]{43}$/;

/** Makes a link's secret, in the command that audits it. */
export async function newLink(tx: Tx, link: { principalId: string; purpose: LinkPurpose; createdBy: string | null; minutes: number }): Promise<NewLink> {
  const { principalId, purpose, createdBy, minutes } = link;
  const secret = randomBytes(32).toString("base64url");
  await tx.deleteFrom("one_use_link").where("principal_id", "=", principalId).where("purpose", "=", purpose).where("used_at", "is", null).execute();
  const row = await tx
    .insertInto("one_use_link")
    .values({
      token_sha256: hashOfLink(secret),
      principal_id: principalId,
      purpose,
      created_by: createdBy,
      expires_at: sql<string>`clock_timestamp() + make_interval(mins => ${minutes})`,
    })
    .returning("expires_at")
    .executeTakeFirstOrThrow();
  return { secret, expiresAt: row.expires_at };
}

/** Whom a link is for, while it holds; using it up is `spendLink`. */
export async function personOfLink(tx: Tx, purpose: LinkPurpose, secret: string) {
  if (!LINK_SECRET.test(secret)) return undefined;
  return tx
    .selectFrom("one_use_link as l")
    .innerJoin("principal as p", "p.id", "l.principal_id")
    .innerJoin("organization as o", "o.id", "p.organization_id")
    .select(["p.id", "p.name", "p.full_name", "p.email", "o.name as organization", "l.expires_at"])
    .where("l.token_sha256", "=", hashOfLink(secret))
    .where("l.purpose", "=", purpose)
    .where("l.used_at", "is", null)
    .where("l.expires_at", ">", sql<string>`clock_timestamp()`)
    .where("p.active", "=", true)
    .executeTakeFirst();
}

/** Uses the link up, in the transaction that does what it is for. False when it doesn't hold (any more) for this person. */
export async function spendLink(tx: Tx, purpose: LinkPurpose, secret: string, principalId: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable("one_use_link")
    .set({ used_at: sql<string>`clock_timestamp()` })
    .where("token_sha256", "=", hashOfLink(secret))
    .where("purpose", "=", purpose)
    .where("principal_id", "=", principalId)
    .where("used_at", "is", null)
    .where("expires_at", ">", sql<string>`clock_timestamp()`)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** What is stored of a secret. */
export const hashOfLink = (secret: string): Buffer => createHash("sha256").update(secret).digest();
