import "server-only";
import { isDeepStrictEqual } from "node:util";
import { sql } from "kysely";
import { REDACTED } from "@/lib/audit/redact";
import { can } from "@/lib/authz/can";
import { permits } from "@/lib/authz/limits";
import { flavorsOf } from "@/lib/flavors/find-flavor";
import type { Actor } from "@/lib/identity/actor";
import { jsonText } from "@/lib/kernel/json-text";
import type { Tx } from "@/lib/kernel/transaction";
import type { AttachedSecret } from "@/lib/secrets/attached";
import { withoutSecrets } from "./check-configuration";
import { variableNames } from "./variables";

// Who reads the plain secrets of a component (docs/decisions/0015): clients need them to run, others don't.

type Owned = { workspace_id: string; created_by: string | null };

/** Its maker, workloads, and whoever may run pipelines in the workspace or one of its projects; never with a credential limited to reading. */
export function maySeeSecrets(actor: Actor, { workspace_id: workspaceId, created_by: ownerId }: Owned): boolean {
  if (actor.workload) return actor.workload.workspaceId === workspaceId;
  if (ownerId === actor.id && (!actor.limits || permits(actor.limits, "component:update"))) return true;
  const projects = [actor.limits?.projectId, ...actor.grants.filter((grant) => grant.workspaceId === workspaceId).map((grant) => grant.projectId)];
  return [null, ...projects].some((projectId) => RUNNING.some((permission) => can(actor, permission, { workspaceId, projectId, ownerId: actor.id }).allowed));
}

/** Clients start runs with either. */
const RUNNING = ["pipeline:run", "run:create"] as const;

/** Things with environment variables as the actor may read them: values for those who run or change the thing, names for all. Private secrets exist for their owner only. */
export const withReadableVariables = <T extends Owned & { id: string; environment: string; secrets: AttachedSecret[] }>(
  actor: Actor,
  noun: "stack" | "component",
  things: readonly T[],
): T[] =>
  things.map((found) => {
    const thing = { ...found, secrets: found.secrets.filter((secret) => secret.privateTo === null || secret.privateTo === actor.id) };
    const mayChange = can(actor, `${noun}:update`, {
      workspaceId: thing.workspace_id,
      ownerId: thing.created_by,
      thing: { type: noun, id: thing.id, name: null },
    }).allowed;
    if (mayChange || maySeeSecrets(actor, thing)) return thing;
    return { ...thing, environment: jsonText(Object.fromEntries(variableNames(thing.environment).map((name) => [name, REDACTED]))) };
  });

/** The components as the actor may read them; numbers keep their spelling. */
export async function asReadable<
  T extends Owned & { id: string; configuration: string; environment: string; secrets: AttachedSecret[]; flavor: { id: string } },
>(tx: Tx, actor: Actor, given: readonly T[]): Promise<T[]> {
  const components = withReadableVariables(actor, "component", given);
  const foreign = components.filter((component) => !maySeeSecrets(actor, component));
  const flavors = await flavorsOf(
    tx,
    foreign.map((component) => component.flavor.id),
  );
  const hidden: Record<string, Record<string, unknown>> = {};
  for (const { id, configuration, flavor } of foreign) {
    const stored = JSON.parse(configuration) as Record<string, unknown>;
    const shown = withoutSecrets(flavors.get(flavor.id) ?? UNKNOWN, stored);
    const masked = Object.entries(shown).filter(([name, value]) => !isDeepStrictEqual(value, stored[name]));
    if (masked.length > 0) hidden[id] = Object.fromEntries(masked);
  }
  if (Object.keys(hidden).length === 0) return components;
  const { rows } = await sql<{ id: string; configuration: string }>`
    select c.id, (c.configuration || hidden.value)::text as configuration
    from jsonb_each(${jsonText(hidden)}::jsonb) hidden join component c on c.id = hidden.key::uuid`.execute(tx);
  const texts = new Map(rows.map((row) => [row.id, row.configuration]));
  return components.map((component) => (hidden[component.id] ? { ...component, configuration: texts.get(component.id) ?? "{}" } : component));
}

/** Vouches for no field. */
const UNKNOWN = { schema: {}, isCustom: true };
