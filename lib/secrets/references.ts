import "server-only";
import type { AuditDraft } from "@/lib/audit/record";
import { can } from "@/lib/authz/can";
import { secretReference } from "@/lib/flavors/config-schema";
import type { Actor } from "@/lib/identity/actor";
import { thingTarget } from "./find-secret";
import type { Tx } from "@/lib/kernel/transaction";
import { type Change, closeBindings, openBinding } from "./bindings";

// References by name (`{{name.key}}`) bind by themselves, when who writes one may both bind the secret and change the component, or makes the secret
// for a component of their own. Nobody else's do: else whoever may register a component could read every secret of the workspace by its name, those too
// that an admin makes later, or whose name stands in a component of which an admin changes something else.

/** `before`: of a change by somebody else than its owner, what its configuration was. */
type Component = {
  id: string;
  workspace_id: string;
  name: string;
  configuration: Record<string, unknown>;
  ownerId: string | null;
  before?: Record<string, unknown>;
};

/** The fields of a configuration by the name of the secret they refer to. */
export function referencesOf(configuration: Record<string, unknown>): Map<string, string[]> {
  const fields = new Map<string, string[]>();
  for (const [field, value] of Object.entries(configuration)) {
    const name = secretReference(value)?.secret;
    if (name) fields.set(name, [...(fields.get(name) ?? []), field]);
  }
  return fields;
}

/** Binds what a component refers to now, and unbinds what it no longer does. */
export async function bindReferences(tx: Tx, actor: Actor, component: Component, change: Change): Promise<AuditDraft[]> {
  const references = referencesOf(component.configuration);
  const open = await tx
    .selectFrom("secret_binding as b")
    .innerJoin("secret as s", "s.id", "b.secret_id")
    .select(["b.id", "s.name"])
    .where("b.target_id", "=", component.id)
    .where("b.path", "=", "reference")
    .where("b.valid_to", "is", null)
    .execute();
  const gone = open.filter((binding) => !references.has(binding.name)).map((binding) => binding.id);
  const entries = await closeBindings(tx, { ids: gone }, change);
  if (references.size === 0) return entries;
  const secrets = await tx
    .selectFrom("secret")
    .select(["id", "workspace_id", "project_id", "name", "created_by"])
    .where("workspace_id", "=", component.workspace_id)
    .where("name", "in", [...references.keys()])
    .where("kind", "<>", "connector") // a connector's main keys are reached through it alone
    .where("deleted_at", "is", null)
    .where((eb) => eb.or([eb("private_to", "is", null), eb("private_to", "=", actor.id)]))
    .execute();
  const target = { kind: "component" as const, id: component.id, name: component.name };
  const { before, configuration, ownerId } = component;
  const isWritten = (name: string) => !before || references.get(name)?.some((field) => before[field] !== configuration[field]);
  for (const secret of secrets) {
    if (!can(actor, "secret:bind", thingTarget(secret)).allowed) continue;
    if (ownerId !== actor.id && !isOwners(secret, ownerId) && !isWritten(secret.name)) continue;
    const entry = await openBinding(tx, { secret, target, path: "reference", fields: references.get(secret.name) }, change);
    if (entry) entries.push(entry);
  }
  return entries;
}

/** Whose component it is could bind it themselves. */
const isOwners = (secret: { created_by: string | null }, ownerId: string | null): boolean => ownerId !== null && secret.created_by === ownerId;

/** The same from the other side, for a secret that was made or got another name. */
export async function bindToReferrers(
  tx: Tx,
  actor: Actor,
  secret: { id: string; workspace_id: string; project_id: string | null; name: string; created_by: string | null },
  change: Change,
): Promise<AuditDraft[]> {
  const named = await tx
    .selectFrom("secret_binding as b")
    .innerJoin("component as c", "c.id", "b.target_id")
    .select(["b.id", "c.configuration"])
    .where("b.secret_id", "=", secret.id)
    .where("b.path", "=", "reference")
    .where("b.valid_to", "is", null)
    .execute();
  const gone = named.filter((row) => !referencesOf(row.configuration as Record<string, unknown>).has(secret.name)).map((row) => row.id);
  const entries = await closeBindings(tx, { ids: gone }, change);
  if (!can(actor, "secret:bind", thingTarget(secret)).allowed) return entries;
  const components = await tx
    .selectFrom("component")
    .select(["id", "name", "created_by", "configuration"])
    .where("workspace_id", "=", secret.workspace_id)
    .where((eb) => eb(eb.cast<string>("configuration", "text"), "like", `%{{%${likeText(secret.name)}%}}%`))
    .execute();
  for (const component of components) {
    const fields = referencesOf(component.configuration as Record<string, unknown>).get(secret.name);
    if (!fields || !can(actor, "component:update", { workspaceId: secret.workspace_id, ownerId: component.created_by }).allowed) continue;
    if (component.created_by !== actor.id && !isOwners(secret, component.created_by)) continue;
    const target = { kind: "component" as const, id: component.id, name: component.name };
    const entry = await openBinding(tx, { secret, target, path: "reference", fields }, change);
    if (entry) entries.push(entry);
  }
  return entries;
}

/** A name as JSON text holds it, for `like`. */
const likeText = (name: string) =>
  JSON.stringify(name)
    .slice(1, -1)
    .replace(/[\\%_]/g, "\\$&");
