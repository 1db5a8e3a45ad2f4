import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { reachableWorkspaces } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { wholeField } from "@/lib/kernel/form-fields";
import { type KeysetPage, keysetInput } from "@/lib/kernel/keyset-page";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { holdsAnywhere } from "@/lib/organizations/sections";
import { knownSecrets, visibleSecrets } from "@/lib/secrets/find-secret";
import type { BindingRow } from "@/lib/secrets/ledger-schema";
import { readBindings } from "@/lib/secrets/list-bindings";
import { readUses } from "@/lib/secrets/list-secret-uses";
import { readVersions } from "@/lib/secrets/list-secret-versions";
import type { SecretUseRow, SecretVersionsPage } from "@/lib/secrets/row-schema";
import { findIntegration } from "./find-integration";
import type { IntegrationPage, PlacedIn } from "./schema";

// One secret of the organization for its page: facts, keys, versions, workspaces, where it is bound and used. What is sealed is not asked for; of workspaces
// it tells as far as the reader reaches.

const asked = { id: z.uuid({ error: "There is no such secret of the organization." }) };

/** Error: not_found, also for who may read none. */
async function readable(tx: Tx, actor: Actor, id: string) {
  if (!holdsAnywhere(actor, "integration:read")) throw new AppError("not_found", "There is no such secret of the organization.");
  return (await findIntegration(tx, actor, id)).integration;
}

/** SQL: is the id of one of its placements that the reader may know of, open or closed. */
const isPlacement = (actor: Actor, id: string) => sql`in (select s.id from secret s where s.organization_secret_id = ${id} and ${knownSecrets(actor)})`;

/** Its facts and the workspaces that may use it. Error: not_found. */
export const getIntegration = defineQuery({
  name: "integration.page",
  permission: "session:read",
  input: z.strictObject(asked),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input: { id } }): Promise<IntegrationPage> => {
    const secret = await readable(tx, actor, id);
    const { rows: facts } = await sql<{ by: string | null; by_kind: string | null; uses: number; is_destroyed: boolean }>`
      select coalesce(nullif(u.full_name, ''), u.name) as by, u.kind as by_kind, (select count(*)::int from secret_use e where e.secret_id ${isPlacement(actor, id)}) as uses,
        exists (select 1 from organization_secret_version v where v.secret_id = i.id and v.version = i.version and v.destroyed_at is not null) as is_destroyed
      from organization_secret i left join principal u on u.id = i.created_by where i.id = ${id}`.execute(tx);
    const { rows: workspaces } = await sql<PlacedIn>`
      select w.id as "workspaceId", w.slug, w.display_name as name, s.id as "placementId",
        (select max(t.valid_from) from secret_state t where t.secret_id = s.id and t.valid_to is null) as since,
        (select count(*)::int from secret_binding b where b.secret_id = s.id and b.valid_to is null) as bound,
        (select count(*)::int from secret_use e where e.secret_id = s.id) as uses,
        exists (select 1 from secret_leak l where l.secret_id = s.id and l.closed_at is null) as "isLeaked"
      from secret s join workspace w on w.id = s.workspace_id and w.state <> 'deleted'
      where s.organization_secret_id = ${id} and ${visibleSecrets(actor)} order by w.slug`.execute(tx);
    const [fact] = facts;
    return {
      id,
      name: secret.name,
      kind: secret.kind,
      description: secret.description,
      everywhere: secret.everywhere,
      version: secret.version,
      keys: secret.key_names,
      isDestroyed: fact?.is_destroyed ?? false,
      by: fact?.by ? { name: fact.by, kind: fact.by_kind ?? "user" } : null,
      rotatedAt: secret.rotated_at,
      expiresAt: secret.expires_at,
      createdAt: secret.created_at,
      updatedAt: secret.updated_at,
      workspaces,
      seesAll: reachableWorkspaces(actor) === "all",
      uses: fact?.uses ?? 0,
    };
  },
});

/** Its versions in pages of 50, the newest first. Error: not_found. */
export const listIntegrationVersions = defineQuery({
  name: "integration.versions",
  permission: "session:read",
  input: z.strictObject({ ...asked, before: wholeField.nullish() }),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input: { id, before } }): Promise<SecretVersionsPage> =>
    readVersions(tx, { id, organization_secret_id: id, version: (await readable(tx, actor, id)).version }, before),
});

/** What it is bound to now, by workspace. Error: not_found. */
export const listIntegrationBindings = defineQuery({
  name: "integration.bindings",
  permission: "session:read",
  input: z.strictObject(asked),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input: { id } }): Promise<BindingRow[]> => {
    await readable(tx, actor, id);
    return readBindings(tx, actor, isPlacement(actor, id));
  },
});

/** Who read its values, in all workspaces that the reader reaches. Errors: not_found; bad_request for a cursor that is not ours, invalid_input. */
export const listIntegrationUses = defineQuery({
  name: "integration.uses",
  permission: "session:read",
  input: keysetInput.extend(asked),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor, input }): Promise<KeysetPage<SecretUseRow>> => {
    await readable(tx, actor, input.id);
    return readUses(tx, actor, input, isPlacement(actor, input.id), `uses of ${input.id}`);
  },
});
