import { beforeAll, describe, expect, it, vi } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { can } from "@/lib/authz/can";
import { explain } from "@/lib/authz/explain";
import { RESOURCES, type ResourceName } from "@/lib/authz/permissions";
import { THING_TYPES, type ThingType } from "@/lib/authz/thing-rule";
import { openReview } from "@/lib/access-reviews/open-review";
import { listReviewItems } from "@/lib/access-reviews/list-items";
import { listArtifactRows } from "@/lib/artifacts/list-artifact-rows";
import { listVersionRows } from "@/lib/artifacts/list-version-rows";
import { deleteComponent } from "@/lib/components/delete-component";
import { listComponentRows } from "@/lib/components/list-component-rows";
import { listConnectorRows } from "@/lib/connectors/list-connector-rows";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { allDefinitions } from "@/lib/kernel/test-definitions";
import { tableDigests } from "@/lib/kernel/test-digests";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { COMMAND_SAMPLES, QUERY_SAMPLES } from "@/lib/kernel/test-samples";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { inScope } from "@/lib/kernel/transaction";
import { listMembers } from "@/lib/members/queries";
import { getModelPage } from "@/lib/models/get-model-page";
import { listModelRows } from "@/lib/models/list-model-rows";
import { listModelVersionRows } from "@/lib/models/list-version-rows";
import { getShellPlaces } from "@/lib/organizations/get-shell";
import { listPipelineRows } from "@/lib/pipelines/list-pipeline-rows";
import { deleteSecret } from "@/lib/secrets/delete-secret";
import { listSecretRows } from "@/lib/secrets/list-secret-rows";
import { getStackPage } from "@/lib/stacks/get-stack-page";
import { listStackRows } from "@/lib/stacks/list-stack-rows";
import { addTeamMember, removeTeamMember } from "@/lib/teams/change-members";
import { createTeam } from "@/lib/teams/change-team";
import { endGrant } from "./end-grant";
import { grantRole } from "./grant-role";
import { listShares } from "./list-shares";
import { endOwnShare, shareOwn } from "./share-own";
import { listReach } from "./reach";
import { explainAccess } from "./why";

// Direct shares: one thing and nothing else, from the next request on and until they end, by every way in.

vi.setConfig({ testTimeout: 120_000 });

const db = useTestDatabase();
const all = await allDefinitions();
let acme: TestOrganization;
let maker: Actor;
let shared: TestThings;
let other: TestThings;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  maker = await makePerson(acme.id, "contributor", acme.own.workspace.id);
  shared = await makeThings(acme.own, maker.id);
  other = await makeThings(acme.own, maker.id);
});

const here = (actor: Actor) => callAs(actor, acme.own.workspace);
const admin = () => acme.people["workspace-admin"];
const fresh = async (actor: Actor): Promise<Actor> => (await inScope([], (tx) => loadActor(tx, actor.id, actor.credential))) as Actor;
const guest = () => makePerson(acme.id, "member", acme.own.workspace.id);
const idOf = (things: TestThings, type: ThingType): string => (things as unknown as Record<string, string>)[`${type}Id`] as string;
const share = (type: ThingType, id: string, to: { principalId?: string; teamId?: string }, more: Record<string, unknown> = {}) =>
  execute(grantRole, here(admin()), { ...to, role: "viewer", scope: "workspace", thingType: type, thingId: id, ...more });
const list = { conditions: [], sort: { field: "name", direction: "asc" }, limit: 100 };
const newestFirst = () => ({ ...inProject(), sort: { field: "created", direction: "desc" } });
const inProject = () => ({ ...list, projectId: acme.own.projectId });

const LISTS: Record<ThingType, (actor: Actor) => Promise<{ rows: { id: string }[]; total: { count: number } }>> = {
  stack: (actor) => ask(listStackRows, here(actor), list),
  component: (actor) => ask(listComponentRows, here(actor), list),
  secret: (actor) => ask(listSecretRows, here(actor), list),
  connector: (actor) => ask(listConnectorRows, here(actor), list),
  pipeline: (actor) => ask(listPipelineRows, here(actor), inProject()),
  model: (actor) => ask(listModelRows, here(actor), inProject()),
  artifact: (actor) => ask(listArtifactRows, here(actor), inProject()),
};

describe.each(THING_TYPES)("a shared %s", (type) => {
  it("is in the list alone, with its exact total, until the share ends; other kinds are not found", async () => {
    const person = await guest();
    await expect(LISTS[type](person)).rejects.toMatchObject({ code: "not_found" });
    const { id: grantId } = await share(type, idOf(shared, type), { principalId: person.id });
    const sharee = await fresh(person);
    const shown = await LISTS[type](sharee);
    expect(shown.rows.map((row) => row.id)).toEqual([idOf(shared, type)]);
    expect(shown.total.count).toBe(1);
    for (const kind of THING_TYPES.filter((one) => one !== type)) await expect(LISTS[kind](sharee), kind).rejects.toMatchObject({ code: "not_found" });
    const [place, ...more] = await getShellPlaces(callAs(sharee));
    expect([place?.slug, place?.role, more]).toEqual([acme.own.workspace.slug, "Shared with you", []]);
    expect(
      (await ask(listMembers, here(sharee), { always: [], spec: { conditions: [], sort: { field: "created", direction: "asc" }, limit: 50 } })).total,
    ).toBe(1);
    await execute(endGrant, here(admin()), { grantId });
    await expect(LISTS[type](await fresh(person))).rejects.toMatchObject({ code: "not_found" });
    expect(await getShellPlaces(callAs(await fresh(person)))).toEqual([]);
  });
});

/** Of somebody's own, or of nobody's in particular. */
const SELF: ReadonlySet<string> = new Set(Object.keys(RESOURCES).filter((noun) => RESOURCES[noun as ResourceName].scope === "self"));
const ABOVE = ["workspaceId", "workspaceSlug", "projectId", "ownerId", "teamId", "filledTeamId", "roleName"];
/** Lets a client of their own in, as every way into the workspace does. */
const OWN_LOGIN = /^(device\.|project\.default)/;

async function outcomeOf(work: Promise<unknown>): Promise<{ code: string; result?: unknown }> {
  return work.then(
    (result) => ({ code: "done", result }),
    (error: unknown) => {
      if (error instanceof AppError && error.code !== "internal") return { code: error.code };
      throw error;
    },
  );
}

describe("who holds shares of one thing of each kind, by the widest role", () => {
  let sharee: Actor;
  beforeAll(async () => {
    const person = await guest();
    for (const type of THING_TYPES) await share(type, idOf(shared, type), { principalId: person.id }, { role: "workspace-admin" });
    sharee = await fresh(person);
  });

  it("does nothing to anything else by any command: refused, nothing changed", async () => {
    const before = await tableDigests(db.ownerUrl, ["audit_entry", "audit_head"]);
    for (const command of all.command) {
      const sample = COMMAND_SAMPLES[command.name];
      if (!sample || OWN_LOGIN.test(command.name) || SELF.has(command.permission.split(":")[0] ?? "")) continue;
      const context = callAs(sharee, sample.at === "organization" ? null : acme.own.workspace);
      const { code } = await outcomeOf(execute(command, context, sample.input(other)));
      expect(["forbidden", "not_found", "conflict", "invalid_input"], command.name).toContain(code);
    }
    expect(await tableDigests(db.ownerUrl, ["audit_entry", "audit_head"])).toEqual(before);
  });

  it("sees nothing of anything else by any query", async () => {
    const hidden = Object.entries(other).flatMap(([key, value]) => (ABOVE.includes(key) || typeof value !== "string" ? [] : [[key, value] as const]));
    for (const query of all.query) {
      const sample = QUERY_SAMPLES[query.name];
      if (!sample || OWN_LOGIN.test(query.name)) continue;
      const context = callAs(sharee, sample.at === "organization" ? null : acme.own.workspace);
      for (const things of [shared, other]) {
        const { result } = await outcomeOf(ask(query, context, sample.input(things)));
        const text = JSON.stringify(result) ?? "";
        for (const [key, value] of hidden) expect(text.includes(value), `${query.name} shows ${key}`).toBe(false);
      }
    }
  });

  it("finds the parts of its model and its artifact, and neither runs nor who else reaches them", async () => {
    expect((await ask(listModelVersionRows, here(sharee), newestFirst())).rows.map((row) => row.id)).toEqual([shared.modelVersionId]);
    expect((await ask(listVersionRows, here(sharee), newestFirst())).rows.map((row) => row.id)).toEqual([shared.artifactVersionId]);
    expect((await ask(getModelPage, here(sharee), { projectId: acme.own.projectId, name: shared.modelName })).versions).toBe(1);
    const stack = await ask(getStackPage, here(sharee), { id: shared.stackId });
    expect([stack.runs, stack.runs7d, stack.named]).toEqual([[], 0, { runs: 0, snapshots: 0 }]);
    const reach = await ask(listReach, here(sharee), { permission: "stack:read", thingId: shared.stackId });
    expect([...new Set(reach.paths.map((path) => path.principalId))]).toEqual([sharee.id]);
  });
});

describe("sharing", () => {
  it("passes on what one holds, and a deny wins over it", async () => {
    const person = await guest();
    const give = (actor: Actor, more: Record<string, unknown> = {}) =>
      execute(grantRole, here(actor), {
        principalId: person.id,
        role: "viewer",
        scope: "workspace",
        thingType: "stack",
        thingId: shared.stackId,
        ...more,
      });
    await expect(give(maker)).rejects.toMatchObject({ code: "forbidden" });
    await expect(give(admin(), { principalId: admin().id })).rejects.toMatchObject({ reason: "own_grant" });
    await expect(give(admin(), { role: "auditor" })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(give(admin(), { role: "runner" })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(give(admin(), { effect: "deny" })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(give(admin(), { thingId: newId() })).rejects.toMatchObject({ code: "not_found" });
    const seq = await lastSeq(db.ownerUrl);
    await give(admin(), { role: "stack-admin", reason: "looks after the cluster" });
    await expect(give(admin(), { role: "stack-admin" })).rejects.toMatchObject({ code: "conflict" });
    const [entry] = await trailAfter(db.ownerUrl, seq);
    expect(entry).toMatchObject({ action: "grant.created", outcome: "allowed", reason: "looks after the cluster" });
    const target = { workspaceId: acme.own.workspace.id, thing: { type: "stack", id: shared.stackId, name: null } };
    const sharee = await fresh(person);
    expect(can(sharee, "stack:update", target)).toMatchObject({ allowed: true });
    expect(explain(sharee, "stack:update", target).sentence).toBe("Stack Admin of this stack, by a direct share, allows stack:update.");
    expect(can(sharee, "stack:update", { ...target, thing: { ...target.thing, id: other.stackId } }).allowed).toBe(false);
    await execute(grantRole, here(admin()), { principalId: person.id, role: "viewer", scope: "workspace", effect: "deny" });
    expect(can(await fresh(person), "stack:read", target)).toMatchObject({ allowed: false, reason: "denied_by_grant" });
  });

  it("AZ-9: stands by its own path in who can reach, why, the thing's list and reviews, and can be revoked there", async () => {
    const person = await guest();
    const { id: grantId } = await share("model", shared.modelId, { principalId: person.id }, { until: new Date(Date.now() + 3_600_000).toISOString() });
    const asked = { permission: "model:read", projectId: acme.own.projectId, thingId: shared.modelId };
    const named = { type: "model", id: shared.modelId, name: shared.modelName };
    const reach = await ask(listReach, here(admin()), asked);
    expect(reach.thing).toEqual(named);
    expect(reach.paths.find((path) => path.grantId === grantId)).toMatchObject({
      principalId: person.id,
      source: "person",
      shared: named,
      grantedBy: "The Workspace Admin",
    });
    const without = await ask(listReach, here(admin()), { ...asked, thingId: null });
    expect(without.paths.some((path) => path.grantId === grantId)).toBe(false);
    const why = await ask(explainAccess, here(admin()), { principalId: person.id, permission: "model:read", thing: { type: "model", id: shared.modelId } });
    expect([why.allowed, why.considered[0]?.shared]).toEqual([true, named]);
    const [row] = (await ask(listShares, here(admin()), { type: "model", id: shared.modelId, projectId: acme.own.projectId })).filter(
      (one) => one.id === grantId,
    );
    expect(row).toMatchObject({ who: "The Member", role: "viewer", endedAs: "grants" });
    const { id: reviewId } = await execute(openReview, here(admin()), { name: "Shares", dueAt: new Date(Date.now() + 86_400_000).toISOString() });
    const items = await ask(listReviewItems, here(admin()), { ...list, sort: { field: "who", direction: "asc" }, reviewId });
    expect(items.rows.find((one) => one.subjectId === person.id)).toMatchObject({ shared: named, role: "viewer", canRevoke: true });
  });

  it("with a team is its members' for as long as they are in it", async () => {
    const person = await guest();
    const root = acme.people["system-admin"];
    const { id: teamId } = await execute(createTeam, callAs(root), { name: `Risk ${newId().slice(-6)}` });
    const { id: grantId } = await execute(grantRole, here(root), { teamId, role: "viewer", scope: "workspace", thingType: "stack", thingId: shared.stackId });
    await execute(addTeamMember, callAs(root), { teamId, principalId: person.id });
    expect((await LISTS.stack(await fresh(person))).rows).toHaveLength(1);
    const reach = await ask(listReach, here(admin()), { permission: "stack:read", thingId: shared.stackId });
    expect(reach.paths.find((path) => path.principalId === person.id)).toMatchObject({ source: "team", shared: { id: shared.stackId } });
    await execute(removeTeamMember, callAs(root), { teamId, principalId: person.id });
    await expect(LISTS.stack(await fresh(person))).rejects.toMatchObject({ code: "not_found" });
    await execute(endGrant, here(root), { grantId });
  });

  it("ends with its thing, and is never of a private secret nor of a connector's keys", async () => {
    const person = await guest();
    const things = await makeThings(acme.own, maker.id);
    await share("component", things.componentId, { principalId: person.id });
    await share("secret", things.secretId, { principalId: person.id });
    await asOwner(db.ownerUrl, "delete from stack_component where component_id = $1", [things.componentId]);
    await execute(deleteComponent, here(admin()), { id: things.componentId });
    await execute(deleteSecret, here(admin()), { id: things.secretId });
    const rows = await asOwner<{ ended: boolean }>(
      db.ownerUrl,
      "select valid_to <= now() as ended from role_grant where principal_id = $1 and thing_id is not null",
      [person.id],
    );
    expect(rows).toEqual([{ ended: true }, { ended: true }]);
    const [made] = await asOwner<{ id: string }>(db.ownerUrl, "update secret set private_to = created_by where id = $1 returning id", [other.secretId]);
    for (const hidden of [made?.id as string, other.connectorKeysId])
      await expect(share("secret", hidden, { principalId: person.id })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("the owner of a thing who gives no roles", () => {
  let colleague: Actor;
  let mine: TestThings;
  let theirs: TestThings;
  const emailOf = async (actor: Actor) =>
    (await asOwner<{ email: string }>(db.ownerUrl, "select email from principal where id = $1", [actor.id]))[0]?.email ?? "";
  const give = async (to: Actor, more: Record<string, unknown> = {}, as = maker) =>
    execute(shareOwn, here(await fresh(as)), { email: await emailOf(to), role: "viewer", thingType: "stack", thingId: mine.stackId, ...more });
  const sharesOf = async (as: Actor, things = mine) => ask(listShares, here(await fresh(as)), { type: "stack", id: things.stackId, projectId: null });

  beforeAll(async () => {
    colleague = await makePerson(acme.id, "stack-admin", acme.own.workspace.id);
    mine = await makeThings(acme.own, maker.id);
    theirs = await makeThings(acme.own, colleague.id);
  });

  it.each(THING_TYPES)("shares a %s with a colleague, and ends it: gone on the next request", async (type) => {
    const seq = await lastSeq(db.ownerUrl);
    const { id: grantId } = await give(colleague, { thingType: type, thingId: idOf(mine, type) });
    const [entry] = await trailAfter(db.ownerUrl, seq);
    expect(entry).toMatchObject({ action: "grant.created", outcome: "allowed" });
    const sharee = await fresh(colleague);
    expect(sharee.grants.some((grant) => grant.id === grantId && grant.thing?.id === idOf(mine, type))).toBe(true);
    await execute(endOwnShare, here(await fresh(maker)), { grantId });
    expect((await fresh(colleague)).grants.some((grant) => grant.id === grantId)).toBe(false);
  });

  it("passes on no more than reading and using, and never what is another's or private", async () => {
    for (const role of ["workspace-admin", "stack-admin"]) await expect(give(colleague, { role }), role).rejects.toMatchObject({ code: "invalid_input" });
    const viewer = await makePerson(acme.id, "viewer", acme.own.workspace.id);
    const use = await give(viewer, { role: "contributor", thingType: "connector", thingId: mine.connectorId });
    const target = { workspaceId: acme.own.workspace.id, thing: { type: "connector", id: mine.connectorId, name: null }, ownerId: maker.id };
    expect(can(viewer, "connector:use", target).allowed).toBe(false);
    const sharee = await fresh(viewer);
    expect([can(sharee, "connector:use", target).allowed, can(sharee, "connector:delete", target).allowed]).toEqual([true, false]);
    await execute(endOwnShare, here(await fresh(maker)), { grantId: use.id });
    await expect(give(colleague, { thingId: theirs.stackId })).rejects.toMatchObject({ code: "forbidden" });
    await asOwner(db.ownerUrl, "update secret set private_to = $2 where id = $1", [mine.secretId, maker.id]);
    await expect(give(colleague, { thingType: "secret", thingId: mine.secretId })).rejects.toMatchObject({ code: "invalid_input" });
    await asOwner(db.ownerUrl, "update secret set private_to = null where id = $1", [mine.secretId]);
  });

  it("lets nobody in: not a stranger, not by a share, and not themselves", async () => {
    const stranger = await guest();
    await expect(give(stranger)).rejects.toMatchObject({ code: "not_found" });
    await share("model", shared.modelId, { principalId: stranger.id });
    await expect(give(stranger)).rejects.toMatchObject({ code: "not_found" });
    await expect(give(maker)).rejects.toMatchObject({ reason: "own_grant" });
  });

  it("is no sharee, no Viewer, and nobody whose role was denied", async () => {
    const { id: grantId } = await give(colleague, { role: "contributor" });
    await expect(give(maker, {}, colleague)).rejects.toMatchObject({ code: "forbidden" });
    await execute(endGrant, here(admin()), { grantId });
    const viewer = await makePerson(acme.id, "viewer", acme.own.workspace.id);
    const old = await makeThings(acme.own, viewer.id);
    await expect(give(colleague, { thingId: old.stackId }, viewer)).rejects.toMatchObject({ code: "forbidden" });
  });

  it("ends the shares of their thing that others gave to accounts, those with teams not, and none of another's", async () => {
    const { id: byAdmin } = await share("stack", mine.stackId, { principalId: colleague.id }, { role: "stack-admin" });
    const root = acme.people["system-admin"];
    const { id: teamId } = await execute(createTeam, callAs(root), { name: `Eyes ${newId().slice(-6)}` });
    const { id: ofTeam } = await execute(grantRole, here(root), { teamId, role: "viewer", scope: "workspace", thingType: "stack", thingId: mine.stackId });
    const shown = await sharesOf(maker);
    expect(shown.find((one) => one.id === byAdmin)?.endedAs).toBe("owner");
    expect(shown.find((one) => one.id === ofTeam)?.endedAs).toBeNull();
    expect((await sharesOf(admin())).every((one) => one.endedAs === "grants")).toBe(true);
    await expect(execute(endOwnShare, here(await fresh(maker)), { grantId: ofTeam })).rejects.toMatchObject({ code: "not_found" });
    const { id: another } = await share("stack", theirs.stackId, { principalId: (await guest()).id });
    expect((await sharesOf(maker, theirs)).find((one) => one.id === another)?.endedAs).toBeNull();
    await expect(execute(endOwnShare, here(await fresh(maker)), { grantId: another })).rejects.toMatchObject({ code: "forbidden" });
    await execute(endOwnShare, here(await fresh(maker)), { grantId: byAdmin });
    expect((await sharesOf(maker)).some((one) => one.id === byAdmin)).toBe(false);
  });
});
