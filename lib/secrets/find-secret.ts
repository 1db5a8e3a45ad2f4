import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { can, type Subject } from "@/lib/authz/can";
import type { Permission } from "@/lib/authz/permissions";
import { visibleTo } from "@/lib/authz/visible";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { boundToRun } from "./bindings";
import type { SecretScope } from "./row-schema";

// One secret as the target of a command or query. A private one does not exist for anybody but its owner; a deleted one only to be restored.

export type SecretRow = {
  id: string;
  workspace_id: string;
  name: string;
  kind: string;
  description: string;
  private_to: string | null;
  /** Null for one of the whole workspace, and for a private one. */
  project_id: string | null;
  version: number;
  key_names: string[];
  expires_at: string | null;
  last_used_at: string | null;
  rotated_at: string;
  created_by: string | null;
  created_at: string;
  updated_at: string;
  deleted_at: string | null;
  tested_at: string | null;
  tested_version: number | null;
  test_outcome: string | null;
  test_words: string | null;
  /** Of a placement: the organization's secret whose value it lets this workspace use. */
  organization_secret_id: string | null;
};

export const SECRET_COLUMNS = [
  "id",
  "workspace_id",
  "name",
  "kind",
  "description",
  "private_to",
  "project_id",
  "version",
  "key_names",
  "expires_at",
  "last_used_at",
  "rotated_at",
  "created_by",
  "created_at",
  "updated_at",
  "deleted_at",
  "tested_at",
  "tested_version",
  "test_outcome",
  "test_words",
  "organization_secret_id",
] as const;

/** The rows that the subject may know of: those shared in its workspaces, and its own; for a run's token those bound to the run. `alias` names the table. */
export const visibleSecrets = (subject: Subject, alias = "s"): RawBuilder<SqlBool> =>
  sql<SqlBool>`(${knownSecrets(subject, alias)} and ${sql.ref(`${alias}.deleted_at`)} is null)`;

/** The same with those that were deleted: for records of what was. */
export const knownSecrets = (subject: Subject, alias = "s"): RawBuilder<SqlBool> => {
  const privateTo = sql.ref(`${alias}.private_to`);
  const bound = subject.workload ? boundToRun(subject.workload.runId, `${alias}.id`) : sql<SqlBool>`true`;
  return sql<SqlBool>`(${secretsAllowing(subject, "secret:read", alias)} and ${bound}
    and (${privateTo} is null or ${privateTo} = ${subject.id}) and ${sql.ref(`${alias}.kind`)} <> 'connector')`;
};

/** SQL: where a secret holds. `alias` names its table. */
export const scopeOf = (alias: string): RawBuilder<SecretScope> =>
  sql<SecretScope>`case when ${sql.ref(`${alias}.private_to`)} is not null then 'private' when ${sql.ref(`${alias}.project_id`)} is not null then 'project'
    when ${sql.ref(`${alias}.organization_secret_id`)} is not null then 'organization' else 'workspace' end`;

/** SQL: the kind of store that the version which holds now lies in. `alias` names the secret's table. */
export const storeOf = (alias: string): RawBuilder<string> =>
  sql<string>`coalesce((select t.type from secret_version v join secret_store t on t.id = v.store_id
    where v.secret_id = ${sql.ref(`${alias}.id`)} and v.version = ${sql.ref(`${alias}.version`)}), 'built-in')`;

/** The rows on which the permission is allowed: of a project's secrets by what is granted there, of the others by what is granted on the workspace. */
export function secretsAllowing(subject: Subject, permission: `secret:${string}` & Permission, alias = "s"): RawBuilder<SqlBool> {
  const columns = { workspaceId: `${alias}.workspace_id`, ownerId: `${alias}.created_by`, thingId: `${alias}.id` };
  const projectId = `${alias}.project_id`;
  return sql<SqlBool>`(case when ${sql.ref(projectId)} is null then ${visibleTo(subject, permission, columns)}
    else ${visibleTo(subject, permission, { ...columns, projectId })} end)`;
}

/** Where a secret stands, for a decision. */
export const thingTarget = (secret: Pick<SecretRow, "id" | "workspace_id" | "name" | "created_by" | "project_id">) => ({
  workspaceId: secret.workspace_id,
  projectId: secret.project_id,
  ownerId: secret.created_by,
  thing: { type: "secret", id: secret.id, name: secret.name },
});

const targetOf = (secret: SecretRow) => ({ ...thingTarget(secret), secret });

/** `takesOrganizations`: also a placement of the organization's, for what shows it, binds it, or reads it for a run. */
type Sought = { isDeleted?: boolean; lock?: boolean; takesOrganizations?: boolean };

/**
 * Errors: not_found, also for the private secret of somebody else; forbidden for one of the organization's, which nobody of a workspace changes,
 * unless the caller says that it takes those.
 */
export async function findSecret(tx: Tx, subject: Subject, id: string, { isDeleted = false, lock = false, takesOrganizations = false }: Sought = {}) {
  const found = tx
    .selectFrom("secret")
    .select(SECRET_COLUMNS)
    .where("id", "=", id)
    .where("kind", "<>", "connector") // a connector's main keys are reached through it alone
    .where("deleted_at", isDeleted ? "is not" : "is", null)
    .where((eb) => eb.or([eb("private_to", "is", null), eb("private_to", "=", subject.id)]));
  const secret = await (lock ? found.forUpdate() : found).executeTakeFirst();
  const target = secret && targetOf(secret);
  const isHidden = target?.secret.organization_secret_id && !takesOrganizations && !can(subject, "secret:read", target).allowed;
  if (!target || isHidden) throw new AppError("not_found", `There is no ${isDeleted ? "deleted " : ""}secret ${id} here.`);
  if (target.secret.organization_secret_id && !takesOrganizations)
    throw new AppError("forbidden", `The secret ${target.secret.name} is the organization’s: nobody changes or reveals it in a workspace.`, {
      fix: "A System Admin changes it in Settings → Integrations.",
      reason: "organizations_secret",
      target,
    });
  return target;
}

export const lockSecret = (tx: Tx, subject: Subject, id: string, sought: Sought = {}) => findSecret(tx, subject, id, { ...sought, lock: true });

/** The secret that somebody means by an id, or by a name: their private one before the project's, that before the workspace's, and the organization's last. */
export const findSecretForUse = (
  tx: Tx,
  subject: Pick<Subject, "id">,
  workspaceId: string,
  named: string,
  projectId: string | null = null,
): Promise<SecretRow | undefined> =>
  tx
    .selectFrom("secret")
    .select(SECRET_COLUMNS)
    .where("workspace_id", "=", workspaceId)
    .where(isUuid(named) ? "id" : "name", "=", named)
    .where("kind", "<>", "connector")
    .where("deleted_at", "is", null)
    .where((eb) => eb.or([eb("private_to", "is", null), eb("private_to", "=", subject.id)]))
    .$if(!isUuid(named), (query) => query.where((eb) => eb.or([eb("project_id", "is", null), eb("project_id", "=", projectId)])))
    .orderBy(sql`private_to is null`)
    .orderBy(sql`project_id is null`)
    .orderBy(sql`organization_secret_id is not null`)
    .limit(1)
    .executeTakeFirst();

/** Error: conflict, in the recorded words. A name is used once in the workspace, once in each project, and once by each person in private. */
export async function requireFreeName(
  tx: Tx,
  { workspaceId, projectId, name, privateTo }: { workspaceId: string; projectId: string | null; name: string; privateTo: string | null },
): Promise<void> {
  const taken = await tx
    .selectFrom("secret")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("name", "=", name)
    .where("deleted_at", "is", null)
    .where("private_to", privateTo === null ? "is" : "=", privateTo)
    .where("project_id", projectId === null ? "is" : "=", projectId)
    .where("organization_secret_id", "is", null)
    .executeTakeFirst();
  if (taken)
    throw new AppError("conflict", `Found an existing ${privateTo === null ? "public" : "private"} secret with the same '${name}' name`, {
      fields: {
        name:
          privateTo === null
            ? projectId === null
              ? "Another secret of this workspace has this name."
              : "Another secret of this project has this name."
            : "You have a private secret of this name.",
      },
    });
}
