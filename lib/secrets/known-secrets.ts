import "server-only";
import { sql } from "kysely";
import { hideSecrets, REDACTED } from "@/lib/audit/redact";
import { withoutSecrets } from "@/lib/components/check-configuration";
import { flavorsOf } from "@/lib/flavors/find-flavor";
import type { Tx } from "@/lib/kernel/transaction";
import type { Printed } from "./prints";
import { secretRedactor, type SecretRedactor } from "./redact-secrets";
import { everyVersion, keyOfPrints } from "./versions";

// The plain secret values that a workspace holds, with a name for each: what logs may not show. Those of its secrets, in every version that
// still opens (a log is older than a rotation), of component configurations (secret fields by the flavor's schema, what is named like a
// secret, passwords in URLs) and of variables that are named like secrets.

export type KnownSecret = { name: string; value: string };
type Known = { secrets: KnownSecret[]; printed: Printed };

/**
 * Every secret value of the workspace: plain, or by its prints where it lies in an outside store. Error: sealed, where there are secrets and no
 * master key: nothing is shown unredacted.
 */
export async function knownSecrets(tx: Tx, workspaceId: string): Promise<Known> {
  const components = await tx
    .selectFrom("component")
    .select(["name", "flavor_id", "configuration", "environment"])
    .where("workspace_id", "=", workspaceId)
    .execute();
  const stacks = await tx.selectFrom("stack").select(["name", "environment"]).where("workspace_id", "=", workspaceId).execute();
  const flavors = await flavorsOf(
    tx,
    components.map((component) => component.flavor_id),
  );
  const secrets: KnownSecret[] = [];
  for (const { name, flavor_id, configuration } of components) {
    const plain = (configuration ?? {}) as Record<string, unknown>;
    hidden(plain, withoutSecrets(flavors.get(flavor_id) ?? { schema: {}, isCustom: true }, plain), name, secrets);
  }
  for (const { name, environment } of [...components, ...stacks]) hidden(environment, hideSecrets(environment), name, secrets);
  const versions = await everyVersion(tx, workspaceId);
  secrets.push(...versions.filter((one): one is KnownSecret => "value" in one));
  const printed = versions.filter((one) => "prints" in one);
  return { secrets, printed: { key: printed.length > 0 ? await keyOfPrints(tx) : Buffer.alloc(0), secrets: printed } };
}

/** What the copy without secrets leaves out of the plain value; and passwords in URLs, which it leaves out in part. */
function hidden(plain: unknown, shown: unknown, name: string, found: KnownSecret[]): void {
  if (typeof plain === "string") {
    if (shown === REDACTED) found.push({ name, value: plain });
    const password = /\w+:\/\/[^/\s:@]*:([^/\s@]+)@/.exec(plain)?.[1];
    if (password) found.push({ name, value: password }, { name, value: decoded(password) });
    return;
  }
  if (typeof plain !== "object" || plain === null) return;
  // A whole object that stays hidden hides each of its texts.
  for (const [key, value] of Object.entries(plain))
    hidden(value, shown === REDACTED ? REDACTED : (shown as Record<string, unknown> | null)?.[key], `${name}.${key}`, found);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const KEPT = 100;
const kept = new Map<string, { stamp: string; redactor: SecretRedactor }>();

/**
 * Hides the workspace's secrets in texts; made again when a component, stack, secret or connector (whose next keys wait beside its own) changed. The times are summed,
 * since a change that began before the newest one may be kept after it.
 */
export async function redactorOf(tx: Tx, workspaceId: string): Promise<SecretRedactor> {
  const { rows } = await sql<{
    stamp: string;
  }>`select concat_ws(' ', max(updated_at), sum(extract(epoch from updated_at)), count(*), string_agg(distinct kind, '')) as stamp from (
    select updated_at, 'c' as kind from component where workspace_id = ${workspaceId} union all select updated_at, 's' from stack where workspace_id = ${workspaceId}
    union all select updated_at, 'v' from secret where workspace_id = ${workspaceId} union all select updated_at, 'k' from connector where workspace_id = ${workspaceId}) t`.execute(
    tx,
  );
  const stamp = rows[0]?.stamp ?? "";
  const known = kept.get(workspaceId);
  if (known?.stamp === stamp) return known.redactor;
  const { secrets, printed } = await knownSecrets(tx, workspaceId);
  const redactor = secretRedactor(secrets, printed);
  kept.delete(workspaceId);
  kept.set(workspaceId, { stamp, redactor });
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return redactor;
}
