import "server-only";
import { sql } from "kysely";
import { can } from "@/lib/authz/can";
import type { Actor } from "@/lib/identity/actor";
import { isUuid } from "@/lib/kernel/id";
import type { Condition, ListSpec } from "@/lib/kernel/list";
import { prepared } from "@/lib/kernel/prepared";
import type { Tx } from "@/lib/kernel/transaction";

// A list of one artifact's versions, asked for by its name or id within a project: by the id the index gives the order, and the artifact
// itself knows how many versions it has.

export type VersionConditions = { spec: ListSpec; always: readonly Condition[] };

const artifactOf = prepared((db, projectId: string, nameOrId: string) =>
  db
    .selectFrom("artifact")
    .select(["id", "version_count"])
    .where("project_id", "=", projectId)
    .where(sql<boolean>`(name = ${nameOrId} or id::text = ${nameOrId})`),
);

/** The conditions with the artifact by its id, and the total where nothing else is asked; as they are when it is not a list of one artifact. */
export async function byListedArtifact<I extends VersionConditions>(tx: Tx, actor: Actor, workspaceId: string, input: I): Promise<I & { total?: number }> {
  const [projectId] = only(input.always, ["project"]);
  const [artifact] = only(input.always, ["artifact", "artifact_id"]);
  if (!artifact || !projectId || !isUuid(projectId.value)) return input;
  const [found] = await artifactOf(tx, projectId.value.toLowerCase(), artifact.value);
  if (!found) return input;
  const always = input.always.map((condition) => (condition === artifact ? { ...artifact, value: found.id } : condition));
  // The maintained total counts everybody's versions: it is for those who may read every one of the project.
  const sees = can(actor, "artifact:read", { workspaceId, projectId: projectId.value.toLowerCase() });
  const isPlain = input.spec.conditions.length === 0 && always.length === 2 && !actor.workload && sees.allowed && sees.reach === "any";
  return { ...input, always, total: isPlain ? found.version_count : undefined };
}

type Equality = Condition & { value: string };

/** The plain equality on one of the fields, when there is exactly one condition on them. */
function only(conditions: readonly Condition[], fields: readonly string[]): Equality[] {
  const found = conditions.filter((condition) => fields.includes(condition.field));
  return found.length === 1 ? found.filter((condition): condition is Equality => condition.op === "equals" && typeof condition.value === "string") : [];
}
