import "server-only";
/*
 * Makes workspaces. Invariant: a new workspace has at least one project and the stack `default` (local artifact store,
 * orchestrator and deployer, owned by nobody), so that a fresh client can run its first pipeline.
 */
import { z } from "zod";
import type { AuditDraft } from "@/lib/audit/record";
import { placeEverywhere } from "@/lib/integrations/place";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { projectName, workspaceSlug } from "@/lib/workspaces/slug";
import { widenScope } from "@/lib/workspaces/widen-scope";

const DEFAULT_NAME = "default";
const DEFAULT_COMPONENTS = ["artifact_store", "orchestrator", "deployer"];

export interface NewWorkspace {
  organizationId: string;
  slug: string;
  displayName: string;
  projects: readonly string[];
  allowNetworks?: readonly string[];
  /** The principal who made it; null for the operator. */
  createdBy: string | null;
}

/** `placed`: entries of its trail, one for each secret of the organization that it may use from its first moment. */
type Provisioned = { id: string; projects: { id: string; name: string }[]; placed: AuditDraft[] };

/**
 * Inserts a workspace with its projects and its default stack, and opens the transaction's scope for it.
 * Error: conflict when the slug is taken or was taken by a deleted workspace.
 */
export async function provisionWorkspace(tx: Tx, workspace: NewWorkspace): Promise<Provisioned> {
  const taken = await tx.selectFrom("workspace").select("state").where("slug", "=", workspace.slug).executeTakeFirst();
  if (taken) {
    const why = taken.state === "deleted" ? "was the name of a deleted workspace and is never used again" : "is the name of another workspace";
    throw new AppError("conflict", `${workspace.slug} ${why}.`, { fix: "Choose another name." });
  }
  const id = newId();
  await tx
    .insertInto("workspace")
    .values({
      id,
      organization_id: workspace.organizationId,
      slug: workspace.slug,
      display_name: workspace.displayName,
      allow_networks: [...(workspace.allowNetworks ?? [])],
    })
    .execute();
  await widenScope(tx, [id]);
  const projects: { id: string; name: string }[] = [];
  for (const name of workspace.projects) projects.push(await provisionProject(tx, { workspaceId: id, name, createdBy: workspace.createdBy }));
  await provisionDefaultStack(tx, id);
  return { id, projects, placed: await placeEverywhere(tx, workspace.organizationId, id) };
}

/** Inserts a project. */
export async function provisionProject(
  tx: Tx,
  project: { workspaceId: string; name: string; createdBy: string | null },
): Promise<{ id: string; name: string }> {
  const id = newId();
  await tx
    .insertInto("project")
    .values({ id, workspace_id: project.workspaceId, name: project.name, display_name: project.name, created_by: project.createdBy })
    .execute();
  return { id, name: project.name };
}

async function provisionDefaultStack(tx: Tx, workspaceId: string): Promise<void> {
  const flavors = await tx
    .selectFrom("flavor")
    .select(["id", "type"])
    .where("workspace_id", "is", null)
    .where("name", "=", "local")
    .where("type", "in", DEFAULT_COMPONENTS)
    .execute();
  const stackId = newId();
  await tx.insertInto("stack").values({ id: stackId, workspace_id: workspaceId, name: DEFAULT_NAME }).execute();
  for (const [position, type] of DEFAULT_COMPONENTS.entries()) {
    const flavor = flavors.find((candidate) => candidate.type === type);
    if (!flavor) throw new AppError("internal", `The flavor local of ${type} is missing: the database wasn't seeded.`);
    const id = newId();
    await tx.insertInto("component").values({ id, workspace_id: workspaceId, name: DEFAULT_NAME, type, flavor_id: flavor.id }).execute();
    await tx.insertInto("stack_component").values({ workspace_id: workspaceId, stack_id: stackId, component_id: id, position }).execute();
  }
}

/** Makes a workspace with one project. Errors: conflict when the name is taken; forbidden without workspace:create. */
export const createWorkspace = defineCommand({
  name: "workspace.created",
  permission: "workspace:create",
  input: z.strictObject({
    name: workspaceSlug,
    displayName: z.string().trim().min(1).max(100).optional(),
    projects: z.array(projectName).min(1).max(50).default([DEFAULT_NAME]),
  }),
  scope: () => ({}),
  run: async ({ tx, actor, input }) => {
    const displayName = input.displayName ?? input.name;
    const { id, projects, placed } = await provisionWorkspace(tx, {
      organizationId: actor.organizationId,
      slug: input.name,
      displayName,
      projects: [...new Set(input.projects)],
      createdBy: actor.kind === "user" ? actor.id : null,
    });
    return {
      result: { id, slug: input.name },
      audit: [
        {
          target: { type: "workspace", id, name: input.name },
          after: { name: input.name, displayName, projects: projects.map((project) => project.name) },
        },
        ...placed,
      ],
    };
  },
});
