import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { can } from "@/lib/authz/can";
import { PERMISSIONS, ROLE_IDS, ROLES, type RoleId } from "@/lib/authz/permissions";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization, testRequest } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { acceptWithLink, readInvitation } from "@/lib/members/accept-invitation";
import { resendInvitation, revokeInvitation } from "@/lib/members/change-invitation";
import { deactivatePerson } from "@/lib/members/deactivate-person";
import { invitePerson } from "@/lib/members/invite-person";
import { restorePerson } from "@/lib/members/restore-person";
import { changeGrant } from "./change-grant";
import { decideRequest } from "./decide-request";
import { endGrant } from "./end-grant";
import { grantRole } from "./grant-role";
import { listGrants } from "./list-grants";
import { countOpenRequests, listRequests } from "./list-requests";
import { listReach } from "./reach";
import { requestAccess } from "./request-access";
import { explainAccess } from "./why";

const db = useTestDatabase();
let acme: TestOrganization;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
});

const here = (actor: Actor) => callAs(actor, acme.own.workspace);
const fresh = async (actor: Actor): Promise<Actor | undefined> => inScope([], (tx) => loadActor(tx, actor.id, actor.credential));
const member = (role: RoleId = "viewer") => makePerson(acme.id, role, acme.own.workspace.id);
const tomorrow = () => new Date(Date.now() + 86_400_000).toISOString();
const secretOf = (link: string) => link.split("#")[1] ?? "";
const page = { conditions: [], limit: 100 };
const PASSWORD = "four words of some length";

async function grantOf(person: Actor, role: RoleId) {
  const [row] = await asOwner<{ id: string }>(db.ownerUrl, "select id from role_grant where principal_id = $1 and role = $2 and valid_to is null", [
    person.id,
    role,
  ]);
  return row?.id ?? "";
}

describe("rule 1: nobody grants what they don't have", () => {
  it("AZ-6: a Workspace Admin gives Contributor, and not Approver, Auditor, or anything elsewhere or to themselves; each refusal is in the trail", async () => {
    const admin = acme.people["workspace-admin"];
    const person = await member();
    await execute(grantRole, here(admin), { principalId: person.id, role: "contributor", scope: "workspace" });
    expect(can((await fresh(person)) as Actor, "run:create", { workspaceId: acme.own.workspace.id, projectId: acme.own.projectId }).allowed).toBe(true);
    const seq = await lastSeq(db.ownerUrl);
    await expect(execute(grantRole, here(admin), { principalId: person.id, role: "approver", scope: "workspace" })).rejects.toMatchObject({
      code: "forbidden",
      message: expect.stringContaining("decide approvals"),
    });
    await expect(execute(grantRole, here(admin), { principalId: admin.id, role: "viewer", scope: "workspace" })).rejects.toMatchObject({ reason: "own_grant" });
    await expect(execute(grantRole, callAs(admin), { principalId: person.id, role: "auditor", scope: "organization" })).rejects.toMatchObject({
      code: "not_found",
    });
    await expect(
      execute(grantRole, callAs(admin, acme.foreign.workspace), { principalId: person.id, role: "viewer", scope: "workspace" }),
    ).rejects.toMatchObject({ code: "not_found" });
    expect((await trailAfter(db.ownerUrl, seq)).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ["denied", "exceeds_granter"],
      ["denied", "own_grant"],
      ["denied", "not_readable"],
      ["denied", "not_readable"],
    ]);
  });

  it("what one holds until tomorrow one gives until tomorrow at most", async () => {
    const admin = await member("viewer");
    await execute(grantRole, here(acme.people["system-admin"]), { principalId: admin.id, role: "workspace-admin", scope: "workspace", until: tomorrow() });
    const person = await member("stack-admin");
    const give = (until: string | null) => execute(grantRole, here(admin), { principalId: person.id, role: "contributor", scope: "workspace", until });
    await expect(give(null)).rejects.toMatchObject({ reason: "outlasts_granter" });
    await give(new Date(Date.now() + 3_600_000).toISOString());
  });

  it("a deny is neither opened against who oversees the organization nor ended by whom it binds", async () => {
    const admin = acme.people["workspace-admin"];
    const deny = { role: "viewer", scope: "workspace", effect: "deny" };
    await expect(execute(grantRole, here(admin), { principalId: acme.people.auditor.id, ...deny })).rejects.toMatchObject({ code: "forbidden" });
    const other = await member("workspace-admin");
    const { id } = await execute(grantRole, here(admin), { principalId: other.id, ...deny });
    expect(can((await fresh(other)) as Actor, "run:read", { workspaceId: acme.own.workspace.id }).allowed).toBe(false);
    await expect(execute(endGrant, here(other), { grantId: id })).rejects.toMatchObject({ code: "forbidden" });
    await execute(endGrant, here(admin), { grantId: id });
    expect(can((await fresh(other)) as Actor, "run:read", { workspaceId: acme.own.workspace.id }).allowed).toBe(true);
  });

  it("a change ends the interval and opens another; both stay", async () => {
    const person = await member();
    await execute(changeGrant, here(acme.people["workspace-admin"]), { grantId: await grantOf(person, "viewer"), role: "contributor", until: tomorrow() });
    const rows = await asOwner<{ role: string; ended: boolean }>(
      db.ownerUrl,
      "select role, valid_to <= clock_timestamp() as ended from role_grant where principal_id = $1 order by valid_from",
      [person.id],
    );
    expect(rows).toEqual([
      { role: "viewer", ended: true },
      { role: "contributor", ended: false },
    ]);
  });
});

describe("the last System Admin stays", () => {
  const alone = async () => {
    const org = await makeTestOrganization("Alone");
    const second = await makePerson(org.id, "system-admin", org.own.workspace.id);
    return { org, first: org.people["system-admin"], second };
  };

  it("AZ-7: by no path: end, date, deny, deactivation", async () => {
    const { org, first, second } = await alone();
    const grantId = await grantOf(second, "system-admin");
    await execute(changeGrant, callAs(first), { grantId, role: "system-admin", until: tomorrow() });
    const own = await grantOf(first, "system-admin");
    const last = { code: "forbidden", reason: "last_system_admin" };
    const as = callAs((await fresh(second)) as Actor);
    await expect(execute(endGrant, as, { grantId: own })).rejects.toMatchObject(last);
    await expect(execute(changeGrant, as, { grantId: own, role: "system-admin", until: new Date(Date.now() + 3_600_000).toISOString() })).rejects.toMatchObject(
      last,
    );
    await expect(execute(changeGrant, as, { grantId: own, role: "auditor", until: new Date(Date.now() + 3_600_000).toISOString() })).rejects.toMatchObject(
      last,
    );
    await expect(
      execute(grantRole, as, {
        principalId: first.id,
        role: "system-admin",
        scope: "organization",
        effect: "deny",
        until: new Date(Date.now() + 3_600_000).toISOString(),
      }),
    ).rejects.toMatchObject(last);
    await expect(execute(deactivatePerson, as, { principalId: first.id })).rejects.toMatchObject(last);
    await expect(execute(endGrant, callAs(first), { grantId: own })).rejects.toMatchObject(last);
    expect(await grantOf(first, "system-admin")).toBe(own);
    expect(org.id).toBeTruthy();
  });

  it("when two end each other at once", async () => {
    for (let round = 0; round < 5; round++) {
      const { first, second } = await alone();
      const [one, two] = [await grantOf(first, "system-admin"), await grantOf(second, "system-admin")];
      const results = await Promise.allSettled([
        execute(endGrant, callAs(first), { grantId: two }),
        round % 2 ? execute(deactivatePerson, callAs(second), { principalId: first.id }) : execute(endGrant, callAs(second), { grantId: one }),
      ]);
      expect(results.filter(({ status }) => status === "fulfilled").length).toBe(1);
    }
  });
});

it("whatever a seeded crowd does to each other: an admin stays, and nobody gains by an act of their own", async () => {
  const org = await makeTestOrganization("Crowd");
  const place = org.own;
  const second = await makePerson(org.id, "system-admin", place.workspace.id);
  const crowd = [...Object.values(org.people), second];
  let state = 7;
  const below = (count: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * count);
  };
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const powers = async (actor: Actor) => {
    const now = await fresh(actor);
    return new Set(
      PERMISSIONS.filter((permission) => now && can(now, permission, { workspaceId: place.workspace.id, projectId: place.projectId, ownerId: "x" }).allowed),
    );
  };
  let done = 0;
  for (let step = 0; step < 120; step++) {
    const actor = below(2) ? pick(crowd) : pick([org.people["system-admin"], org.people["workspace-admin"], second]);
    const other = pick(crowd);
    const before = await powers(actor);
    const grants = await asOwner<{ id: string }>(
      db.ownerUrl,
      "select id from role_grant where organization_id = $1 and (valid_to is null or valid_to > now()) order by id",
      [org.id],
    );
    const scope = pick(["organization", "workspace", "project"] as const);
    const context = callAs((await fresh(actor)) ?? actor, scope === "organization" ? null : place.workspace);
    const role = pick(ROLE_IDS.filter((one) => (ROLES[one].scope as readonly string[]).includes(scope)));
    const act = pick([
      () => execute(grantRole, context, { principalId: other.id, role, scope, projectId: place.projectId, effect: pick(["allow", "allow", "deny"]) }),
      () => execute(endGrant, context, { grantId: pick(grants).id }),
      () => execute(changeGrant, context, { grantId: pick(grants).id, role, until: pick([null, tomorrow()]) }),
      () => execute(deactivatePerson, callAs(context.actor), { principalId: other.id }),
      () => execute(restorePerson, callAs(context.actor), { principalId: other.id }),
    ]);
    await act().then(
      () => done++,
      (error) => expect(error).toBeInstanceOf(AppError),
    );
    for (const permission of await powers(actor)) expect(before.has(permission), `${actor.fullName} gained ${permission}`).toBe(true);
    const [left] = await asOwner<{ count: string }>(
      db.ownerUrl,
      `select count(*) from role_grant g join principal p on p.id = g.principal_id where g.organization_id = $1 and g.role = 'system-admin' and g.effect = 'allow'
        and g.valid_to is null and p.active`,
      [org.id],
    );
    expect(Number(left?.count)).toBeGreaterThan(0);
  }
  expect(done).toBeGreaterThan(15);
});

describe("requests for access", () => {
  const asking = (until: string | null = tomorrow()) => ({
    role: "contributor",
    scope: "workspace",
    reason: "to start the nightly run",
    permission: "run:create",
    until,
  });
  const waiting = async (actor: Actor) => ask(countOpenRequests, here(actor), {});

  it("are decided by who may grant, never by who asked, and what is given ends by itself", async () => {
    const person = await member();
    const admin = acme.people["workspace-admin"];
    const before = await waiting(admin);
    const { id } = await execute(requestAccess, here(person), asking());
    expect(await execute(requestAccess, here(person), asking())).toEqual({ id }); // asked again: the same one
    expect(await waiting(admin)).toBe(before + 1);
    expect(await waiting(person)).toBe(0);
    expect(await waiting(acme.people.contributor)).toBe(0);
    const later = new Date(Date.now() + 10 * 86_400_000).toISOString();
    await expect(execute(decideRequest, here(admin), { requestId: id, decision: "grant", until: later })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(execute(decideRequest, here(admin), { requestId: id, decision: "grant", role: "workspace-admin" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await expect(execute(decideRequest, here(acme.people.contributor), { requestId: id, decision: "grant" })).rejects.toMatchObject({ code: "forbidden" });
    await execute(decideRequest, here(admin), { requestId: id, decision: "grant" });
    const [grant] = (await fresh(person))?.grants.filter((one) => one.source === "request") ?? [];
    expect(grant).toMatchObject({ role: "contributor" });
    expect(Date.parse(grant?.until ?? "")).toBeGreaterThan(Date.now());
    await asOwner(db.ownerUrl, "update role_grant set valid_to = clock_timestamp() where id = $1", [grant?.id]);
    expect((await fresh(person))?.grants.some((one) => one.source === "request")).toBe(false);
    await expect(execute(decideRequest, here(admin), { requestId: id, decision: "refuse", comment: "no" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("of an administrator are somebody else's to decide", async () => {
    const admin = await member("workspace-admin");
    const { id } = await execute(requestAccess, here(admin), { ...asking(), role: "approver" });
    await expect(execute(decideRequest, here(admin), { requestId: id, decision: "grant" })).rejects.toMatchObject({ reason: "own_request" });
    await expect(execute(decideRequest, here(acme.people["workspace-admin"]), { requestId: id, decision: "grant" })).rejects.toMatchObject({
      reason: "exceeds_granter",
    });
    await execute(decideRequest, here(acme.people["system-admin"]), { requestId: id, decision: "grant" });
  });

  it("wait for fourteen days and then expire; a refusal says why", async () => {
    const person = await member();
    const { id } = await execute(requestAccess, here(person), asking(null));
    await expect(execute(decideRequest, here(acme.people["workspace-admin"]), { requestId: id, decision: "refuse" })).rejects.toMatchObject({
      code: "invalid_input",
    });
    await asOwner(db.ownerUrl, "update access_request set expires_at = clock_timestamp() where id = $1", [id]);
    await expect(execute(decideRequest, here(acme.people["workspace-admin"]), { requestId: id, decision: "grant" })).rejects.toMatchObject({
      code: "not_found",
    });
    const mine = { ...page, which: "mine", sort: { field: "created", direction: "desc" } };
    expect((await ask(listRequests, here(person), mine)).rows).toMatchObject([{ state: "expired", isMine: true, canDecide: false }]);
    await execute(requestAccess, here(person), asking(null));
    expect((await ask(listRequests, here(person), mine)).rows[0]).toMatchObject({ state: "open" });
  });
});

describe("invitations", () => {
  const root = () => acme.people["system-admin"];
  const invite = (email: string) => execute(invitePerson, here(root()), { email, role: "viewer", scope: "workspace", until: tomorrow() });

  it("make an account once, with the role that was offered", async () => {
    const email = `${newId()}@example.com`;
    const { link } = await invite(email);
    const secret = secretOf(link);
    const stored = await asOwner(db.ownerUrl, "select i::text as text from invitation i where email = $1 union all select payload::text from outbox", [email]);
    expect(JSON.stringify(stored)).not.toContain(secret);
    expect(await readInvitation(secret, undefined)).toMatchObject({ email, role: "Viewer", invitedBy: "The System Admin", hasAccount: false });
    await expect(acceptWithLink({ secret, name: "Lena", password: "short" }, undefined, testRequest())).rejects.toMatchObject({ code: "invalid_input" });
    const { principalId, isNew } = await acceptWithLink({ secret, name: "Lena Aalto", password: PASSWORD }, undefined, testRequest());
    expect(isNew).toBe(true);
    const trail = await asOwner<{ action: string; actor_name: string }>(
      db.ownerUrl,
      "select action, actor_name from audit_entry where organization_id = $1 order by audit_entry.seq desc limit 3",
      [acme.id],
    );
    expect(trail.reverse().map(({ action, actor_name }) => [action, actor_name])).toEqual([
      ["invitation.accepted", "Lena Aalto"],
      ["user.created", "Lena Aalto"],
      ["grant.created", "Lena Aalto"],
    ]);
    const lena = await inScope([], (tx) => loadActor(tx, principalId, { kind: "session", id: newId(), label: "test" }));
    expect(lena?.grants.filter(({ role }) => role !== "member")).toMatchObject([{ role: "viewer", workspaceId: acme.own.workspace.id }]);
    await expect(acceptWithLink({ secret, name: "Eve", password: PASSWORD }, undefined, testRequest())).rejects.toMatchObject({ code: "not_found" });
    expect(await readInvitation(secret, undefined)).toBeUndefined();
  });

  it("that were replaced, revoked or have expired open nothing; two at once make one account", async () => {
    const first = await invite(`${newId()}@example.com`);
    const second = await execute(resendInvitation, here(root()), { invitationId: first.id });
    expect(await readInvitation(secretOf(first.link), undefined)).toBeUndefined();
    const accept = () => acceptWithLink({ secret: secretOf(second.link), name: "Lena", password: PASSWORD }, undefined, testRequest());
    const results = await Promise.allSettled([accept(), accept()]);
    expect(results.filter(({ status }) => status === "fulfilled").length).toBe(1);
    const third = await invite(`${newId()}@example.com`);
    await execute(revokeInvitation, here(root()), { invitationId: third.id });
    expect(await readInvitation(secretOf(third.link), undefined)).toBeUndefined();
    const fourth = await invite(`${newId()}@example.com`);
    await asOwner(db.ownerUrl, "update invitation set expires_at = clock_timestamp() where id = $1", [fourth.id]);
    await expect(acceptWithLink({ secret: secretOf(fourth.link), name: "Lena", password: PASSWORD }, undefined, testRequest())).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("give nothing that the inviter may no longer give", async () => {
    const inviter = await makePerson(acme.id, "system-admin", acme.own.workspace.id);
    const { link } = await execute(invitePerson, callAs(inviter, acme.own.workspace), { email: `${newId()}@example.com`, role: "viewer", scope: "workspace" });
    await execute(endGrant, callAs(root()), { grantId: await grantOf(inviter, "system-admin") });
    await expect(acceptWithLink({ secret: secretOf(link), name: "Lena", password: PASSWORD }, undefined, testRequest())).rejects.toMatchObject({
      reason: "exceeds_granter",
    });
  });

  it("give nothing when the inviter still holds the role, and may no longer invite", async () => {
    const inviter = await makePerson(acme.id, "system-admin", acme.own.workspace.id);
    const { link } = await execute(invitePerson, callAs(inviter, acme.own.workspace), { email: `${newId()}@example.com`, role: "viewer", scope: "workspace" });
    await execute(grantRole, here(root()), { principalId: inviter.id, role: "workspace-admin", scope: "workspace" });
    await execute(endGrant, callAs(root()), { grantId: await grantOf(inviter, "system-admin") });
    await expect(acceptWithLink({ secret: secretOf(link), name: "Lena", password: PASSWORD }, undefined, testRequest())).rejects.toMatchObject({
      reason: "exceeds_granter",
    });
  });

  it("make an account of its own when somebody else is signed in", async () => {
    const viewer = await member("viewer");
    const email = `${newId()}@example.com`;
    const { link } = await execute(invitePerson, here(root()), { email, role: "viewer", scope: "workspace" });
    const { principalId, isNew } = await acceptWithLink({ secret: secretOf(link), name: "Lena", password: PASSWORD }, viewer, testRequest());
    expect(isNew).toBe(true);
    expect(principalId).not.toBe(viewer.id);
  });
});

it("a leaver holds nothing on the next request, and keys that they made end", async () => {
  const person = await member("contributor");
  await execute(deactivatePerson, callAs(acme.people["system-admin"]), { principalId: person.id, reason: "left" });
  expect(await fresh(person)).toBeUndefined();
  await expect(execute(requestAccess, here(person), { role: "viewer", scope: "workspace", reason: "x" })).rejects.toMatchObject({ code: "unauthenticated" });
  await execute(restorePerson, callAs(acme.people["system-admin"]), { principalId: person.id });
  expect((await fresh(person))?.grants.some(({ role }) => role === "contributor")).toBe(true);
});

describe("who holds, who reaches, why", () => {
  it("as of a moment; e-mail addresses only for who administers grants", async () => {
    const person = await member();
    const admin = acme.people["workspace-admin"];
    // By the database's clock: ours is cut to milliseconds and may lie before the grant of the same one.
    const [{ between } = { between: "" }] = await asOwner<{ between: string }>(
      db.ownerUrl,
      `select to_char(clock_timestamp(), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as between`,
    );
    await execute(endGrant, here(admin), { grantId: await grantOf(person, "viewer") });
    const list = async (actor: Actor, at: string | null) =>
      (await ask(listGrants, here(actor), { ...page, sort: { field: "who", direction: "asc" }, at })).rows.find((row) => row.principalId === person.id);
    expect(await list(admin, null)).toBeUndefined();
    expect(await list(admin, between)).toMatchObject({ role: "viewer", email: person.email });
    expect(await list(acme.people.viewer, between)).toMatchObject({ role: "viewer", email: null, canEnd: false });
    const names = async (at: string | null) => (await ask(listReach, here(admin), { permission: "run:read", at })).paths.map((path) => path.principalId);
    expect(await names(between)).toContain(person.id);
    expect(await names(null)).not.toContain(person.id);
  });

  it("reach lists exactly those for whom `can` allows it", async () => {
    const everybody = await asOwner<{ id: string }>(db.ownerUrl, "select id from principal where organization_id = $1 and active", [acme.id]);
    for (const permission of ["run:read", "run:create", "run:delete", "grant:create", "workspace:read", "approval:decide"] as const) {
      const { paths, hidden } = await ask(listReach, here(acme.people["system-admin"]), { permission, projectId: acme.own.projectId });
      const expected: string[] = [];
      for (const { id } of everybody) {
        const subject = await inScope([], (tx) => loadActor(tx, id, { kind: "session", id, label: "" }));
        if (subject && can(subject, permission, { workspaceId: acme.own.workspace.id, projectId: acme.own.projectId, ownerId: id }).allowed) expected.push(id);
      }
      expect([...new Set(paths.map((path) => path.principalId))].sort(), permission).toEqual(expected.sort());
      expect(hidden).toBe(0);
    }
  });

  it("why names the deciding grant, for people whom the reader may see", async () => {
    const person = await member("contributor");
    const answer = await ask(explainAccess, here(acme.people.viewer), { principalId: person.id, permission: "run:delete" });
    expect(answer).toMatchObject({ allowed: false, needed: { role: "workspace-admin" }, who: { id: person.id } });
    expect(answer.sentence).toContain("The Contributor is Contributor here.");
    const allowed = await ask(explainAccess, here(person), { principalId: person.id, permission: "run:create" });
    expect(allowed.considered[0]).toMatchObject({ role: "contributor", isDeciding: true, gives: "any" });
    const stranger = await makePerson(acme.id, "viewer", acme.foreign.workspace.id);
    await expect(ask(explainAccess, here(acme.people.viewer), { principalId: stranger.id, permission: "run:read" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});
