import "server-only";
import { type RawBuilder, sql } from "kysely";
import type { AuditDraft } from "@/lib/audit/record";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { type Change, closeBindings, reopenBindings } from "@/lib/secrets/bindings";
import type { IntegrationRow } from "./find-integration";

// Placements: what stands of a secret of the organization in a workspace that may use it. There is one row for each of the two, closed when the
// workspace loses it and opened again when it gets it back, so that bindings, uses and the intervals of "could use" stay one story.

export const SECRET_PLACED = "secret.placed";

type Placement = {
  id: string;
  workspace_id: string;
  name: string;
  description: string;
  version: number;
  key_names: string[];
  expires_at: string | null;
  deleted_at: string | null;
};
type Facts = Pick<IntegrationRow, "description" | "version" | "key_names" | "expires_at">;

const factsOf = ({ version, key_names: keys, description, expires_at: expiresAt }: Facts) => ({ version, keys, description, expiresAt });
/** An entry of the workspace's trail, under the name that the secret has there. */
const entryOf = ({ id, workspace_id: workspaceId, name }: Pick<Placement, "id" | "workspace_id" | "name">, draft: Omit<AuditDraft, "target">): AuditDraft => ({
  ...draft,
  target: { type: "secret", id, name },
  workspaceId,
});

/** Makes placements what the secret and the workspaces that may use it say; gives the entries of the workspaces' trails. All have to be in scope. */
export async function settlePlacements(tx: Tx, secret: IntegrationRow, workspaceIds: readonly string[], change: Change): Promise<AuditDraft[]> {
  const there: Placement[] = await tx
    .selectFrom("secret")
    .select(["id", "workspace_id", "name", "description", "version", "key_names", "expires_at", "deleted_at"])
    .where("organization_secret_id", "=", secret.id)
    .orderBy("id")
    .forUpdate()
    .execute();
  const wanted = new Set(workspaceIds);
  const entries: AuditDraft[] = [];
  for (const placement of there) {
    const isWanted = wanted.delete(placement.workspace_id);
    if (placement.deleted_at === null) entries.push(...(isWanted ? await renew(tx, secret, placement, change) : await close(tx, placement, change)));
    else if (isWanted) entries.push(...(await reopen(tx, secret, placement, placement.deleted_at, change)));
  }
  for (const workspaceId of wanted) entries.push(await open(tx, secret, workspaceId, change.now));
  return entries;
}

async function open(tx: Tx, secret: IntegrationRow, workspaceId: string, now: string | RawBuilder<string>): Promise<AuditDraft> {
  const placement = { id: newId(), workspace_id: workspaceId, name: secret.name };
  const { kind, description, version, key_names, expires_at, rotated_at } = secret;
  await tx
    .insertInto("secret")
    .values({
      ...placement,
      organization_secret_id: secret.id,
      kind,
      description,
      version,
      key_names,
      expires_at,
      rotated_at,
      created_at: now,
      updated_at: now,
    })
    .execute();
  return entryOf(placement, { action: SECRET_PLACED, after: { ...factsOf(secret), from: "organization" } });
}

/** What was changed at the organization is so here, too. */
async function renew(tx: Tx, secret: IntegrationRow, placement: Placement, { now }: Change): Promise<AuditDraft[]> {
  const [before, after] = [factsOf(placement), factsOf(secret)];
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  await write(tx, secret, placement, now);
  return [entryOf(placement, { action: "secret.updated", before, after: { ...after, by: "organization" } })];
}

async function close(tx: Tx, placement: Placement, change: Change): Promise<AuditDraft[]> {
  const { actorId: deleted_by, now } = change;
  await tx.updateTable("secret").set({ deleted_at: now, deleted_by, updated_at: now }).where("id", "=", placement.id).execute();
  const ended = await closeBindings(tx, { secretId: placement.id }, change);
  const taken = entryOf(placement, { action: "secret.taken-away", before: { ...factsOf(placement), bindings: ended.length } });
  return [taken, ...inWorkspace(placement, ended)];
}

async function reopen(tx: Tx, secret: IntegrationRow, placement: Placement, closedAt: string, change: Change): Promise<AuditDraft[]> {
  await write(tx, secret, placement, change.now);
  const bound = await reopenBindings(tx, placement, closedAt, change);
  const placed = entryOf(placement, { action: SECRET_PLACED, after: { ...factsOf(secret), from: "organization", bindings: bound.length } });
  return [placed, ...inWorkspace(placement, bound)];
}

const write = (tx: Tx, { description, version, key_names, expires_at, rotated_at }: IntegrationRow, { id }: Placement, now: string) =>
  tx
    .updateTable("secret")
    .set({ description, version, key_names, expires_at, rotated_at, updated_at: now, deleted_at: null, deleted_by: null })
    .where("id", "=", id)
    .execute();

const inWorkspace = ({ workspace_id: workspaceId }: Placement, drafts: readonly AuditDraft[]): AuditDraft[] =>
  drafts.map((draft) => ({ ...draft, workspaceId }));

/** Gives a new workspace, which is in scope, what all workspaces may use; gives the entries of its trail. */
export async function placeEverywhere(tx: Tx, organizationId: string, workspaceId: string): Promise<AuditDraft[]> {
  // Against somebody who gives all workspaces a secret at this moment: one of the two waits for the other.
  await tx.selectFrom("organization").select("id").where("id", "=", organizationId).forShare().execute();
  const secrets: IntegrationRow[] = await tx
    .selectFrom("organization_secret")
    .selectAll()
    .where("organization_id", "=", organizationId)
    .where("everywhere", "=", true)
    .where("deleted_at", "is", null)
    .orderBy("name")
    .execute();
  const entries: AuditDraft[] = [];
  for (const secret of secrets) entries.push(await open(tx, secret, workspaceId, sql<string>`clock_timestamp()`));
  return entries;
}
