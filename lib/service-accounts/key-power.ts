import "server-only";
import { SCOPE_COLUMNS, scopeOfRow } from "@/lib/access/grants";
import { roleNamed } from "@/lib/access/role-named";
import { refuseEmergency } from "@/lib/identity/emergency-session";
import { beyond, permissionWords } from "@/lib/authz/power";
import { rightsOnIt } from "@/lib/authz/thing-rule";
import { limitsOf, permits } from "@/lib/authz/limits";
import type { Permission, Reach, Rights } from "@/lib/authz/permissions";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Tx } from "@/lib/kernel/transaction";

// Who holds a key's text acts with it. So a key is made or rotated only by somebody who may do everything that it will do (KEY-12), and
// it is remembered for whom: it stops with that person (PERMISSIONS §3 rule 10).

/** Error: forbidden when the key would do more than the actor may. */
export async function requireKeyPower(tx: Tx, actor: Actor, accountId: string, scopes: readonly string[] | null): Promise<void> {
  await refuseEmergency(tx, actor);
  const limits = limitsOf({ scopes });
  const grants = await tx
    .selectFrom("role_grant")
    .select(["role", ...SCOPE_COLUMNS])
    .where("principal_id", "=", accountId)
    .where("effect", "=", "allow")
    .where((eb) => eb.or([eb("valid_to", "is", null), eb("valid_to", ">", eb.fn<string>("clock_timestamp"))]))
    .execute();
  for (const grant of grants) {
    const { thing, workspaceId, projectId } = scopeOfRow(grant);
    const role = (await roleNamed(tx, actor.organizationId, grant.role)).rights;
    const held = Object.entries(thing ? rightsOnIt(role, thing.type) : role) as [Permission, Reach][];
    const rights: Rights = Object.fromEntries(held.filter(([permission]) => !limits || permits(limits, permission)));
    const missing = beyond(actor, rights, { workspaceId, projectId, thing });
    if (missing.length > 0)
      throw new AppError("forbidden", `This key would allow more than you may do yourself: ${permissionWords(missing)}.`, {
        fix: "Choose scopes that you hold, or let somebody make it who may do all that.",
        reason: "more_than_own_power",
      });
  }
}

/** The person who gets to see the key: the actor, or for a machine the one its own key was issued to. */
export async function issuedTo(tx: Tx, actor: Actor): Promise<string | null> {
  if (actor.kind === "user") return actor.id;
  if (actor.credential.kind !== "api_key") return null;
  const key = await tx.selectFrom("api_key").select("issued_to").where("id", "=", actor.credential.id).executeTakeFirst();
  return key?.issued_to ?? null;
}
