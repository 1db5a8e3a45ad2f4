import "server-only";
/* The organization, workspaces and projects of a set-up file: made when missing, adjusted where the file says otherwise, never removed. */
import { sql } from "kysely";
import { SECRET_PLACED } from "@/lib/integrations/place";
import type { Application } from "@/lib/setup/application";
import type { SetupFile, SetupWorkspace } from "@/lib/setup/setup-file";
import { provisionProject, provisionWorkspace } from "@/lib/workspaces/create-workspace";

const now = sql<string>`clock_timestamp()`;
const same = (left: readonly string[], right: readonly string[]) => [...left].sort().join() === [...right].sort().join();

/** Makes or adjusts the organization. */
export async function applyOrganization(application: Application, file: SetupFile): Promise<void> {
  const { tx, organizationId: id } = application;
  const existing = await tx.selectFrom("organization").select(["name", "allow_networks"]).where("id", "=", id).executeTakeFirst();
  const target = { type: "organization", id, name: file.organization };
  if (!existing) {
    const allow_networks = file.allowNetworks ?? [];
    await tx.insertInto("organization").values({ id, name: file.organization, allow_networks }).execute();
    application.changed(`create organization ${file.organization}`, "organization.created", {
      target,
      after: { name: file.organization, allowNetworks: allow_networks },
    });
    return;
  }
  const allow_networks = file.allowNetworks ?? existing.allow_networks;
  if (existing.name === file.organization && same(existing.allow_networks, allow_networks)) return;
  await tx.updateTable("organization").set({ name: file.organization, allow_networks, updated_at: now }).where("id", "=", id).execute();
  application.changed(`update organization ${file.organization}`, "organization.updated", {
    target,
    before: { name: existing.name, allowNetworks: existing.allow_networks },
    after: { name: file.organization, allowNetworks: allow_networks },
  });
}

/** Makes or adjusts one workspace and its projects, and makes it known to later steps. */
export async function applyWorkspace(application: Application, wanted: SetupWorkspace): Promise<void> {
  const { tx } = application;
  const existing = await tx
    .selectFrom("workspace")
    .select(["id", "display_name", "allow_networks", "state"])
    .where("slug", "=", wanted.name)
    .executeTakeFirst();
  if (!existing) return makeWorkspace(application, wanted);
  if (existing.state !== "active") return ended(application, wanted, existing);
  const display_name = wanted.displayName ?? existing.display_name;
  const allow_networks = wanted.allowNetworks ?? existing.allow_networks;
  if (display_name !== existing.display_name || !same(allow_networks, existing.allow_networks)) {
    await tx.updateTable("workspace").set({ display_name, allow_networks, updated_at: now }).where("id", "=", existing.id).execute();
    const target = { type: "workspace", id: existing.id, name: wanted.name };
    const before = { displayName: existing.display_name, allowNetworks: existing.allow_networks };
    application.changed(
      `update workspace ${wanted.name}`,
      "workspace.updated",
      { target, before, after: { displayName: display_name, allowNetworks: allow_networks } },
      existing.id,
    );
  }
  await applyProjects(application, wanted, existing.id);
}

async function makeWorkspace(application: Application, wanted: SetupWorkspace): Promise<void> {
  const displayName = wanted.displayName ?? wanted.name;
  const names = [...new Set(wanted.projects)];
  const { id, projects, placed } = await provisionWorkspace(application.tx, {
    organizationId: application.organizationId,
    slug: wanted.name,
    displayName,
    projects: names,
    allowNetworks: wanted.allowNetworks,
    createdBy: null,
  });
  application.workspaces.set(wanted.name, { id, projects: new Map(projects.map((project) => [project.name, project.id])) });
  application.changed(
    `create workspace ${wanted.name} with ${names.length === 1 ? `project ${names[0]}` : `projects ${names.join(", ")}`}`,
    "workspace.created",
    {
      target: { type: "workspace", id, name: wanted.name },
      after: { name: wanted.name, displayName, projects: names, allowNetworks: wanted.allowNetworks ?? [] },
    },
    id,
  );
  for (const draft of placed) application.changed(`place the organization’s secret ${draft.target.name} in ${wanted.name}`, SECRET_PLACED, draft, id);
}

async function ended(application: Application, wanted: SetupWorkspace, existing: { id: string; state: string }): Promise<void> {
  if (existing.state === "suspended" && application.isRestoring) {
    await application.tx.updateTable("workspace").set({ state: "active", updated_at: now }).where("id", "=", existing.id).execute();
    const target = { type: "workspace", id: existing.id, name: wanted.name };
    application.changed(
      `restore workspace ${wanted.name}`,
      "workspace.restored",
      { target, before: { state: existing.state }, after: { state: "active" } },
      existing.id,
    );
    return applyProjects(application, wanted, existing.id);
  }
  application.note(
    existing.state === "suspended"
      ? `workspace ${wanted.name} is suspended and stays so (--restore brings it back)`
      : `workspace ${wanted.name} was deleted; its name is never used again`,
  );
}

async function applyProjects(application: Application, wanted: SetupWorkspace, workspaceId: string): Promise<void> {
  const { tx } = application;
  const rows = await tx.selectFrom("project").select(["id", "name"]).where("workspace_id", "=", workspaceId).execute();
  const projects = new Map(rows.map((row) => [row.name, row.id]));
  for (const name of new Set(wanted.projects)) {
    if (projects.has(name)) continue;
    const { id } = await provisionProject(tx, { workspaceId, name, createdBy: null });
    projects.set(name, id);
    application.changed(
      `create project ${name} in ${wanted.name}`,
      "project.created",
      { target: { type: "project", id, name, projectId: id }, after: { name } },
      workspaceId,
    );
  }
  application.workspaces.set(wanted.name, { id: workspaceId, projects });
}

/** Adds the workspaces that the file doesn't name but its grants may. */
export async function knowOtherWorkspaces(application: Application): Promise<void> {
  const rows = await application.tx
    .selectFrom("workspace as w")
    .leftJoin("project as p", "p.workspace_id", "w.id")
    .select(["w.id", "w.slug", "p.id as project_id", "p.name as project"])
    .where("w.organization_id", "=", application.organizationId)
    .where("w.state", "=", "active")
    .execute();
  for (const row of rows) {
    const place = application.workspaces.get(row.slug) ?? { id: row.id, projects: new Map<string, string>() };
    if (row.project && row.project_id) place.projects.set(row.project, row.project_id);
    application.workspaces.set(row.slug, place);
  }
}
