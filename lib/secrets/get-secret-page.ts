import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import { findSecret, storeOf } from "./find-secret";
import type { TestOutcome } from "./kind-schema";
import { readOpenLeak } from "./leaks";
import type { SecretPage } from "./row-schema";
import { versionsOf } from "./versions";

// One secret for its page: which keys it has, its versions and how often it was read. What is sealed is not asked for.

type Version = { version: number; keys: string[]; by: string | null; by_kind: string | null; at: string; destroyed_at: string | null };

/** One secret without values, with its 200 newest versions. Error: not_found, also for the private one of somebody else. */
export const getSecretPage = defineQuery({
  name: "secret.page",
  permission: "secret:read",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, actor, input }) => findSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: async ({ tx, target: { secret } }): Promise<SecretPage> => {
    const { rows: versions } = await sql<Version>`
      select v.version, v.key_names as keys, coalesce(nullif(u.full_name, ''), u.name) as by, u.kind as by_kind, v.created_at as at, v.destroyed_at
      from ${versionsOf(secret)} left join principal u on u.id = v.created_by order by v.version desc limit 200`.execute(tx);
    const { rows: facts } = await sql<{ uses: number; project: string | null; owner: string | null; owner_kind: string | null; store: string }>`
      select (select ${storeOf("s")} from secret s where s.id = ${secret.id}) as store,
        (select count(*)::int from secret_use where secret_id = ${secret.id}) as uses, (select name from project where id = ${secret.project_id}) as project,
        (select coalesce(nullif(full_name, ''), name) from principal where id = ${secret.created_by}) as owner,
        (select kind from principal where id = ${secret.created_by}) as owner_kind`.execute(tx);
    const [fact] = facts;
    return {
      id: secret.id,
      name: secret.name,
      kind: secret.kind,
      description: secret.description,
      scope: secret.private_to ? "private" : secret.project_id ? "project" : secret.organization_secret_id ? "organization" : "workspace",
      organizationSecretId: secret.organization_secret_id,
      project: fact?.project ?? null,
      projectId: secret.project_id,
      version: secret.version,
      keys: secret.key_names,
      store: fact?.store ?? "built-in",
      owner: fact?.owner ? { name: fact.owner, kind: fact.owner_kind ?? "user" } : null,
      ownerId: secret.created_by,
      lastUsedAt: secret.last_used_at,
      rotatedAt: secret.rotated_at,
      expiresAt: secret.expires_at,
      createdAt: secret.created_at,
      updatedAt: secret.updated_at,
      versions: versions.map((row) => ({
        version: row.version,
        keys: row.keys,
        by: row.by ? { name: row.by, kind: row.by_kind ?? "user" } : null,
        at: row.at,
        destroyedAt: row.destroyed_at,
      })),
      uses: fact?.uses ?? 0,
      leak: await readOpenLeak(tx, secret.id),
      test:
        secret.tested_at && secret.tested_version
          ? { outcome: secret.test_outcome as TestOutcome, words: secret.test_words ?? "", at: secret.tested_at, version: secret.tested_version }
          : null,
    };
  },
});
