import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { endGrant } from "@/lib/access/end-grant";
import { can } from "@/lib/authz/can";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { getNotices } from "@/lib/organizations/get-shell-state";
import { createProject } from "@/lib/projects/create-project";
import { deleteProject } from "@/lib/projects/delete-project";
import { createWorkspace } from "@/lib/workspaces/create-workspace";
import { type Actor, loadActor } from "./actor";
import { endOwnSession } from "./end-own-session";
import { actorOfToken, createSession, newSession } from "./session";
import { endView, startView } from "./view-as-role";

// Looking at the console as a role: bound to one browser session, read-only, never more than one's own rights, and in the trail.

const db = useTestDatabase();
let acme: TestOrganization;
let token: string;
let sven: Actor;

beforeAll(async () => {
  acme = await makeTestOrganization();
});

async function signIn(person: Pick<Actor, "id">): Promise<string> {
  const session = newSession();
  await inScope([], (tx) => createSession(tx, person.id, { address: null, userAgent: null }, session));
  return session.token;
}
const actorNow = async (of = token) => (await actorOfToken(of)) as Actor;
const start = async (input: object, workspace: TestOrganization["own"]["workspace"] | null = acme.own.workspace) =>
  execute(startView, callAs(await actorNow(), workspace), input);
const entries = (seq: number) =>
  asOwner<Record<string, unknown>>(
    db.ownerUrl,
    "select action, outcome, workspace_id, actor_name, credential_label, reason from audit_entry where seq > $1 order by seq",
    [seq],
  );

beforeEach(async () => {
  sven = await makePerson(acme.id, "system-admin", acme.own.workspace.id);
  token = await signIn(sven);
});

describe("viewing as a role", () => {
  it("shows what the role shows there from the next request, and the own rights again when it is ended", async () => {
    const seq = await lastSeq(db.ownerUrl);
    await start({ role: "viewer", scope: "workspace" });
    const viewing = await actorNow();
    expect(viewing.view).toMatchObject({ role: "viewer", place: acme.own.workspace.slug });
    expect(can(viewing, "run:read", { workspaceId: acme.own.workspace.id }).allowed).toBe(true);
    expect(can(viewing, "run:read", { workspaceId: acme.foreign.workspace.id }).allowed).toBe(false);
    expect(can(viewing, "grant:create", { workspaceId: acme.own.workspace.id }).allowed).toBe(false);
    expect((await ask(getNotices, callAs(viewing), {}))[0]).toMatchObject({ kind: "viewing", as: `Viewer in ${acme.own.workspace.slug}` });
    await execute(endView, callAs(viewing), {});
    const after = await actorNow();
    expect(after.view).toBeUndefined();
    expect(can(after, "workspace:create").allowed).toBe(true);
    const label = `browser session, viewing as Viewer in ${acme.own.workspace.slug}`;
    expect(await entries(seq)).toMatchObject([
      { action: "role-view.started", outcome: "allowed", workspace_id: acme.own.workspace.id, credential_label: "browser session" },
      { action: "role-view.ended", outcome: "allowed", workspace_id: acme.own.workspace.id, actor_name: "The System Admin", credential_label: label },
    ]);
  });

  it("refuses every change with a sentence, and the entry names who and as what", async () => {
    await start({ role: "contributor", scope: "project", projectId: acme.own.projectId });
    const viewing = await actorNow();
    const seq = await lastSeq(db.ownerUrl);
    await expect(execute(createWorkspace, callAs(viewing), { name: "mine" })).rejects.toMatchObject({
      code: "forbidden",
      reason: "viewing_as",
      message: expect.stringContaining("You are viewing as Contributor in"),
    });
    await expect(start({ role: "auditor", scope: "organization" }, null)).rejects.toMatchObject({ reason: "viewing_as" });
    expect((await entries(seq))[0]).toMatchObject({
      action: "workspace.created",
      outcome: "denied",
      reason: "viewing_as",
      credential_label: expect.stringContaining(" / default"),
    });
  });

  it("is of that session alone, and ends with it or after an hour", async () => {
    const other = await signIn(sven);
    await start({ role: "auditor", scope: "organization" }, null);
    expect((await actorNow()).view?.role).toBe("auditor");
    expect((await actorNow(other)).view).toBeUndefined();
    const anywhere = await inScope([], (tx) => loadActor(tx, sven.id, { kind: "personal_token", id: sven.id, label: "token" }));
    expect(can(anywhere as Actor, "workspace:create").allowed).toBe(true);
    const [left] = await asOwner<{ minutes: number }>(
      db.ownerUrl,
      "select extract(epoch from view_until - now()) / 60 as minutes from session where view_role is not null and principal_id = $1",
      [sven.id],
    );
    expect(Number(left?.minutes)).toBeGreaterThan(59);
    expect(Number(left?.minutes)).toBeLessThanOrEqual(60);
    await asOwner(db.ownerUrl, "update session set view_until = now() - interval '1 second' where view_role is not null");
    expect((await actorNow()).view).toBeUndefined();
    await start({ role: "auditor", scope: "organization" }, null);
    await execute(endOwnSession, callAs(await actorNow()), {});
    expect(await actorOfToken(token)).toBeUndefined();
  });

  it("stays when the project that is looked at is deleted, and shows nothing of it", async () => {
    const owner = callAs(acme.people["workspace-admin"], acme.own.workspace);
    const project = await execute(createProject, owner, { name: "short-lived", displayName: "Short" });
    await start({ role: "viewer", scope: "project", projectId: project.id });
    const place = { workspaceId: acme.own.workspace.id, projectId: project.id };
    expect(can(await actorNow(), "run:read", place).allowed).toBe(true);
    await execute(deleteProject, owner, { project: "short-lived" });
    expect((await actorNow()).view).toMatchObject({ role: "viewer", projectId: project.id });
    expect(can(await actorNow(), "run:read", { ...place, projectId: acme.own.projectId }).allowed).toBe(false);
  });

  it("follows the own grants: what ends meanwhile is not seen either", async () => {
    await start({ role: "viewer", scope: "workspace" });
    await asOwner(db.ownerUrl, "update role_grant set valid_to = now() where principal_id = $1", [sven.id]);
    expect(can(await actorNow(), "run:read", { workspaceId: acme.own.workspace.id }).allowed).toBe(false);
  });

  it("is for who administers grants there, with a role of the place, in a browser", async () => {
    token = await signIn(acme.people["workspace-admin"]);
    await expect(start({ role: "auditor", scope: "organization" }, null)).rejects.toMatchObject({ code: "not_found" });
    await expect(start({ role: "viewer", scope: "workspace" }, acme.foreign.workspace)).rejects.toMatchObject({ code: "not_found" });
    await expect(start({ role: "auditor", scope: "workspace" })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(start({ role: "nobody", scope: "workspace" })).rejects.toMatchObject({ code: "invalid_input" });
    const byKey = { ...(await actorNow()), credential: { kind: "personal_token" as const, id: sven.id, label: "token" } };
    await expect(execute(startView, callAs(byKey, acme.own.workspace), { role: "viewer", scope: "workspace" })).rejects.toMatchObject({
      reason: "not_a_session",
    });
    await start({ role: "viewer", scope: "workspace" });
    token = await signIn(acme.people.viewer);
    await expect(start({ role: "viewer", scope: "workspace" })).rejects.toMatchObject({ code: "forbidden" });
    await expect(execute(endGrant, callAs(await actorNow(), acme.own.workspace), { grantId: sven.id })).rejects.toMatchObject({ code: "not_found" });
  });
});
