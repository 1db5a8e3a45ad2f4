import "server-only";
import { sql } from "kysely";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";

// Service accounts and keys by name or id. An account is found only where it belongs: in its workspace, or in the organization.

/** The workspace of a call, or null when it acts on the organization. */
export const homeOf = (workspace: Pick<Workspace, "id"> | null): string | null => workspace?.id || null;

const ACCOUNT = ["id", "organization_id", "name", "full_name", "description", "active", "home_workspace_id", "created_by", "created_at", "updated_at"] as const;

type Place = Pick<Workspace, "id"> | null;

/** An account that is not deleted. Error: not_found. */
export const findAccount = (tx: Tx, workspace: Place, nameOrId: string) => readAccount(tx, workspace, nameOrId, false);

/** The same, locked for a change. */
export const lockedAccount = (tx: Tx, workspace: Place, nameOrId: string) => readAccount(tx, workspace, nameOrId, true);

/** A key of an account by name or id, with the account. Error: not_found. */
export const findKey = (tx: Tx, workspace: Place, account: string, key: string) => readKey(tx, workspace, account, key, false);

/** The same, both locked for a change. */
export const lockedKey = (tx: Tx, workspace: Place, account: string, key: string) => readKey(tx, workspace, account, key, true);

async function readAccount(tx: Tx, workspace: Place, nameOrId: string, isLocked: boolean) {
  const account = await tx
    .selectFrom("principal")
    .select(ACCOUNT)
    .where("kind", "in", isUuid(nameOrId) ? ["service_account", "canary"] : ["service_account"])
    .where("deleted_at", "is", null)
    .where(sql<boolean>`home_workspace_id is not distinct from ${homeOf(workspace)}::uuid`)
    .where(isUuid(nameOrId) ? sql<boolean>`id = ${nameOrId}` : sql<boolean>`lower(name) = lower(${nameOrId})`)
    .$if(isLocked, (query) => query.forUpdate())
    .executeTakeFirst();
  if (!account) throw new AppError("not_found", `There is no service account ${nameOrId} here.`);
  return {
    workspaceId: account.home_workspace_id,
    ownerId: account.created_by,
    thing: { type: "service-account", id: account.id, name: account.name },
    account,
  };
}

async function readKey(tx: Tx, workspace: Place, accountNameOrId: string, keyNameOrId: string, isLocked: boolean) {
  const target = await readAccount(tx, workspace, accountNameOrId, isLocked);
  const key = await tx
    .selectFrom("api_key")
    .select(["id", "name", "description", "active", "scopes", "generation", "expires_at", "secret_hmac", "issued_to", "retain_period_minutes", "created_by"])
    .select(sql<boolean>`expires_at is not null and expires_at <= clock_timestamp()`.as("is_expired"))
    .where("principal_id", "=", target.account.id)
    .where(isUuid(keyNameOrId) ? "id" : "name", "=", keyNameOrId)
    .$if(isLocked, (query) => query.forUpdate())
    .executeTakeFirst();
  if (!key) throw new AppError("not_found", `There is no API key ${keyNameOrId} of ${target.account.name}.`);
  return { ...target, thing: { type: "api-key", id: key.id, name: `${target.account.name}/${key.name}` }, key };
}
