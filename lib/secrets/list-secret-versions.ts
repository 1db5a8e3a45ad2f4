import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { wholeField } from "@/lib/kernel/form-fields";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { findSecret } from "./find-secret";
import type { SecretVersionsPage } from "./row-schema";
import { versionsOf } from "./versions";

const PER_PAGE = 50;

type Found = {
  version: number;
  keys: string[];
  by: string | null;
  by_kind: string | null;
  at: string;
  destroyed_at: string | null;
  restored_from: number | null;
};

/** The versions of a secret in pages of 50, the newest first, without values. Error: not_found, also for the private one of somebody else. */
export const listSecretVersions = defineQuery({
  name: "secret-version.page",
  permission: "secret:read",
  /** `before`: only versions below this one. */
  input: z.strictObject({ id: z.uuid(), before: wholeField.nullish() }),
  scope: ({ tx, actor, input }) => findSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: ({ tx, input, target: { secret } }) => readVersions(tx, secret, input.before),
});

/** A page of versions, the newest first. */
export async function readVersions(
  tx: Tx,
  secret: Parameters<typeof versionsOf>[0] & { version: number },
  before?: number | null,
): Promise<SecretVersionsPage> {
  const { rows } = await sql<Found>`
    select v.version, v.key_names as keys, coalesce(nullif(u.full_name, ''), u.name) as by, u.kind as by_kind, v.created_at as at, v.destroyed_at, v.restored_from
    from ${versionsOf(secret)} left join principal u on u.id = v.created_by
    where v.version < ${before ?? secret.version + 1} order by v.version desc limit ${PER_PAGE + 1}`.execute(tx);
  const shown = rows.slice(0, PER_PAGE);
  return {
    total: secret.version,
    olderThan: rows.length > PER_PAGE ? (shown.at(-1)?.version ?? null) : null,
    rows: shown.map((row) => ({
      version: row.version,
      keys: row.keys,
      by: row.by ? { name: row.by, kind: row.by_kind ?? "user" } : null,
      at: row.at,
      destroyedAt: row.destroyed_at,
      restoredFrom: row.restored_from,
    })),
  };
}
