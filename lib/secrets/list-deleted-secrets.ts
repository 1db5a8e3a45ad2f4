import "server-only";
import { type SqlBool, sql } from "kysely";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import { scopeOf, secretsAllowing } from "./find-secret";
import type { DeletedSecretsPage, SecretScope } from "./row-schema";

const PER_PAGE = 50;

type Found = {
  id: string;
  name: string;
  scope: SecretScope;
  project_id: string | null;
  project: string | null;
  versions: number;
  open: number;
  owner_id: string | null;
  by: string | null;
  by_kind: string | null;
  at: string;
};

/** The deleted secrets of the workspace that the reader may know of (the organization's are brought back in its settings), in pages of 50, the last deleted first. */
export const listDeletedSecrets = defineQuery({
  name: "secret.deleted-page",
  permission: "secret:read",
  /** `before`: only those deleted before this moment. */
  input: z.strictObject({ before: z.iso.datetime({ offset: true }).nullish() }),
  run: async ({ tx, actor, input, workspace }): Promise<DeletedSecretsPage> => {
    const isVisible = sql<SqlBool>`${secretsAllowing(actor, "secret:read")}
      and (s.private_to is null or s.private_to = ${actor.id}) and s.kind <> 'connector'`;
    const { rows } = await sql<Found>`
      select s.id, s.name, ${scopeOf("s")} as scope, s.project_id, j.name as project, s.created_by as owner_id, s.deleted_at as at,
        coalesce(nullif(u.full_name, ''), u.name) as by, u.kind as by_kind, s.version as versions,
        (select count(*)::int from secret_version v where v.secret_id = s.id and v.destroyed_at is null) as open
      from secret s left join principal u on u.id = s.deleted_by left join project j on j.id = s.project_id
      where s.workspace_id = ${workspace?.id ?? null} and s.deleted_at is not null and s.organization_secret_id is null and s.deleted_at < ${input.before ?? "infinity"}::timestamptz and ${isVisible}
      order by s.deleted_at desc limit ${PER_PAGE + 1}`.execute(tx);
    const shown = rows.slice(0, PER_PAGE);
    return {
      before: rows.length > PER_PAGE ? (shown.at(-1)?.at ?? null) : null,
      rows: shown.map((row) => ({
        id: row.id,
        name: row.name,
        scope: row.scope,
        projectId: row.project_id,
        project: row.project,
        versions: row.versions,
        open: row.open,
        ownerId: row.owner_id,
        by: row.by ? { name: row.by, kind: row.by_kind ?? "user" } : null,
        at: row.at,
      })),
    };
  },
});
