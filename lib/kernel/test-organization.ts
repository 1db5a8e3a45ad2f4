import "server-only";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { hashPassword } from "@/lib/identity/password";
import { ROLE_IDS, ROLES, type RoleId } from "@/lib/authz/permissions";
import type { CallContext, Workspace } from "./command";
import { newId } from "./id";
import { type RequestContext, systemContext } from "./request";
import { inScope } from "./transaction";

// An organization with two workspaces and one person per role, for tests on a database of their own. "own" is the workspace in which
// the workspace roles hold their grant, "foreign" the other one.

export type TestPlace = { workspace: Workspace; projectId: string };
export type TestOrganization = { id: string; own: TestPlace; foreign: TestPlace; people: Record<RoleId, Actor> };

/** Makes organization, workspaces, projects and people. */
export async function makeTestOrganization(name = "Acme"): Promise<TestOrganization> {
  const id = newId();
  await inScope([], (tx) => tx.insertInto("organization").values({ id, name }).execute());
  const [own, foreign] = [await makePlace(id), await makePlace(id)];
  const people: Partial<Record<RoleId, Actor>> = {};
  for (const role of ROLE_IDS) people[role] = await makePerson(id, role, own.workspace.id);
  return { id, own, foreign, people: people as Record<RoleId, Actor> };
}

async function makePlace(organizationId: string): Promise<TestPlace> {
  const workspace: Workspace = { id: newId(), slug: `w-${newId()}`, displayName: "Fraud detection", organizationId, state: "active" };
  const projectId = newId();
  await inScope([workspace.id], async (tx) => {
    await tx
      .insertInto("workspace")
      .values({ id: workspace.id, organization_id: organizationId, slug: workspace.slug, display_name: workspace.displayName })
      .execute();
    await tx.insertInto("project").values({ id: projectId, workspace_id: workspace.id, name: "default", display_name: "Default" }).execute();
  });
  return { workspace, projectId };
}

/** Makes a person who holds a role: on the organization for the organization's roles, otherwise on the workspace. */
export async function makePerson(
  organizationId: string,
  role: RoleId,
  workspaceId: string,
  options: { email?: string; password?: string } = {},
): Promise<Actor> {
  const id = newId();
  const email = options.email ?? `${role}-${id}@example.com`;
  const isOrganizationRole = (ROLES[role].scope as readonly string[]).includes("organization");
  await inScope([], async (tx) => {
    await tx
      .insertInto("principal")
      .values({ id, organization_id: organizationId, kind: "user", name: email, email, full_name: `The ${ROLES[role].title}` })
      .execute();
    if (options.password !== undefined)
      await tx
        .insertInto("local_password")
        .values({ principal_id: id, hash: await hashPassword(options.password) })
        .execute();
    if (role !== "member")
      await tx
        .insertInto("role_grant")
        .values({
          id: newId(),
          organization_id: organizationId,
          principal_id: id,
          role,
          scope_kind: isOrganizationRole ? "organization" : "workspace",
          workspace_ref: isOrganizationRole ? null : workspaceId,
          source: "person",
        })
        .execute();
  });
  // In a transaction of its own: a grant holds for those that begin after it.
  const actor = await inScope([], (tx) => loadActor(tx, id, { kind: "session", id: newId(), label: "test" }));
  if (!actor) throw new Error("the person who was just made is not active");
  return actor;
}

/** A call as an actor in a workspace (none: the organization). */
export const callAs = (actor: Actor, workspace: Workspace | null = null): CallContext => ({ actor, request: testRequest(), workspace });

/** Facts of a request from a documentation address (RFC 5737). */
export const testRequest = (address = "192.0.2.7"): RequestContext => ({ ...systemContext("ui"), address, userAgent: "test" });
