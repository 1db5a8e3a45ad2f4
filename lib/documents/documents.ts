import "server-only";
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { prepared } from "@/lib/kernel/prepared";
import type { Tx } from "@/lib/kernel/transaction";

// Large texts that clients send and want back verbatim, content-addressed per workspace. A text is stored once, however often it is sent.

/** Stores the texts; gives their SHA-256 in the same order (null stays null). Rows go in one order, so that writers don't deadlock. */
export async function storeDocuments(tx: Tx, workspaceId: string, bodies: readonly (string | null | undefined)[]): Promise<(Buffer | null)[]> {
  const { hashes, stored } = keepDocuments(tx, workspaceId, bodies);
  await stored;
  return hashes;
}

/** The same for who sends statements with the hashes right behind it. */
export function keepDocuments(
  tx: Tx,
  workspaceId: string,
  bodies: readonly (string | null | undefined)[],
): { hashes: (Buffer | null)[]; stored: Promise<unknown> | undefined } {
  const hashes = bodies.map((body) => (body == null ? null : createHash("sha256").update(body).digest()));
  const rows = new Map<string, { workspace_id: string; sha256: Buffer; body: string }>();
  for (const [index, sha256] of hashes.entries())
    if (sha256) rows.set(sha256.toString("hex"), { workspace_id: workspaceId, sha256, body: bodies[index] as string });
  const sorted = [...rows.entries()].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row);
  const stored =
    sorted.length === 0
      ? undefined
      : tx
          .insertInto("document")
          .values(sorted)
          .onConflict((conflict) => conflict.columns(["workspace_id", "sha256"]).doNothing())
          .execute();
  return { hashes, stored };
}

const bodiesOf = prepared((db, workspaceId: string, hashes: readonly Buffer[]) =>
  db.selectFrom("document").select(["sha256", "body"]).where("workspace_id", "=", workspaceId).where("sha256", "=", sql<Buffer>`any(${hashes})`),
);

/** Reads texts by hash, hex → text. */
export async function readDocuments(tx: Tx, workspaceId: string, hashes: Iterable<Buffer | null | undefined>): Promise<Map<string, string>> {
  const wanted = [...new Map([...hashes].filter((hash): hash is Buffer => hash != null).map((hash) => [hash.toString("hex"), hash])).values()];
  if (wanted.length === 0) return new Map();
  const rows = await bodiesOf(tx, workspaceId, wanted);
  return new Map(rows.map((row) => [row.sha256.toString("hex"), row.body]));
}

/** The text of one hash from `readDocuments`. */
export const documentOf = (documents: ReadonlyMap<string, string>, hash: Buffer | null | undefined): string | undefined =>
  hash ? documents.get(hash.toString("hex")) : undefined;
