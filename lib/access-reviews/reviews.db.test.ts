import { createHash } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { changeGrant } from "@/lib/access/change-grant";
import { endGrant } from "@/lib/access/end-grant";
import { grantRole } from "@/lib/access/grant-role";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { addTeamMember } from "@/lib/teams/change-members";
import { createTeam } from "@/lib/teams/change-team";
import { cancelReview, signOffReview } from "./close-review";
import { decideItems } from "./decide-items";
import { sealedText } from "./digest";
import { listReviewItems } from "./list-items";
import { openReview } from "./open-review";
import { getHome } from "@/lib/organizations/get-home";
import { delegateItems, listReviewers } from "./delegate-items";
import { countOpenReviews, getReview, listReviews } from "./queries";
import type { ReviewItemRow } from "./schema";

// A review is a frozen list on which others decide; what is revoked ends on the next request, and what is signed never changes.

const db = useTestDatabase();
let acme: TestOrganization;
let admin: ReturnType<typeof callAs>;
let owner: ReturnType<typeof callAs>;
let auditor: ReturnType<typeof callAs>;
let ada: Actor;

beforeAll(async () => {
  acme = await makeTestOrganization();
  admin = callAs(acme.people["system-admin"], acme.own.workspace);
  owner = callAs(acme.people["workspace-admin"], acme.own.workspace);
  auditor = callAs(acme.people.auditor, acme.own.workspace);
});
beforeEach(async () => {
  ada = await makePerson(acme.id, "contributor", acme.own.workspace.id);
});

const day = () => new Date(Date.now() + 7 * 86_400_000).toISOString();
const open = async (more: object = {}, context = owner) => (await execute(openReview, context, { name: "Autumn", dueAt: day(), ...more })).id;
const rowsOf = async (reviewId: string, context = owner): Promise<ReviewItemRow[]> =>
  (await ask(listReviewItems, context, { reviewId, conditions: [], sort: { field: "who", direction: "asc" }, limit: 1000 })).rows;
const rowOf = async (reviewId: string, subject: { id: string }, context = owner) =>
  (await rowsOf(reviewId, context)).find((row) => row.subjectId === subject.id) as ReviewItemRow;
const decide = (reviewId: string, rows: readonly { id: string }[], decision: string, reason = "", context = owner) =>
  execute(decideItems, context, { reviewId, itemIds: rows.map((row) => row.id), decision, reason });
const roles = async (person: { id: string }) =>
  (await inScope([], (tx) => loadActor(tx, person.id, { kind: "session", id: newId(), label: "test" })))?.grants
    .map((grant) => grant.role)
    .filter((role) => role !== "member");
const trail = (seq: number) =>
  asOwner<Record<string, unknown>>(db.ownerUrl, "select action, outcome, workspace_id, reason, after from audit_entry where seq > $1 order by seq", [seq]);
const read = (reviewId: string, context = owner) => ask(getReview, context, { reviewId });

describe("opening", () => {
  it("freezes every grant of the workspace, and no other", async () => {
    const rows = await rowsOf(await open());
    const held = await asOwner(db.ownerUrl, "select 1 from role_grant where workspace_ref = $1 and valid_to is null and effect = 'allow'", [
      acme.own.workspace.id,
    ]);
    expect(rows).toHaveLength(held.length);
    expect(rows.every((row) => row.workspace === acme.own.workspace.slug && row.decision === null)).toBe(true);
    expect(rows.find((row) => row.subjectId === owner.actor.id)).toMatchObject({ isMine: true, canDecide: false, canRevoke: false, risks: ["administers"] });
    expect(rows.find((row) => row.subjectId === ada.id)).toMatchObject({ role: "contributor", source: "person", canDecide: true, canRevoke: true, risks: [] });
  });

  it("takes one role of a workspace, one role everywhere, or the roles of the whole organization", async () => {
    const contributors = await rowsOf(await open({ role: "contributor" }));
    expect(new Set(contributors.map((row) => row.role))).toEqual(new Set(["contributor"]));
    const above = callAs(acme.people["system-admin"]);
    await execute(grantRole, callAs(above.actor, acme.foreign.workspace), { principalId: ada.id, role: "contributor", scope: "workspace" });
    const everywhere = (await rowsOf(await open({ role: "contributor" }, above), above)).filter((row) => row.subjectId === ada.id);
    expect(everywhere.map((row) => row.workspace).sort()).toEqual([acme.own.workspace.slug, acme.foreign.workspace.slug].sort());
    const organization = await rowsOf(await open({}, above), above);
    expect(organization.map((row) => row.role).sort()).toEqual(["auditor", "system-admin"]);
  });

  it("is not for who can't, a day that has passed, or a role that nobody holds", async () => {
    await expect(open({}, callAs(acme.people.viewer, acme.own.workspace))).rejects.toMatchObject({ code: "not_found" });
    await expect(open({}, callAs(acme.people["workspace-admin"]))).rejects.toMatchObject({ code: "not_found" });
    await expect(open({ dueAt: "2020-01-01T00:00:00Z" })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(open({ role: "runner" }, callAs(acme.people["system-admin"], acme.foreign.workspace))).rejects.toMatchObject({ code: "conflict" });
  });

  it("marks who was not seen for 90 days and who gives roles", async () => {
    await asOwner(db.ownerUrl, "update role_grant set valid_from = now() - interval '1 year' where principal_id = $1", [ada.id]);
    const id = await open();
    const row = await rowOf(id, ada);
    expect(row.risks).toEqual(["unused"]);
    await expect(decide(id, [row], "keep")).rejects.toMatchObject({ code: "invalid_input", fields: { reason: expect.stringContaining("marked") } });
    await decide(id, [row], "keep", "on leave until March");
    expect(await rowOf(id, ada)).toMatchObject({ decision: "keep", reason: "on leave until March", decidedBy: "The Workspace Admin" });
  });
});

describe("giving rows to another reviewer", () => {
  const give = (reviewId: string, rows: readonly { id: string }[], to: string, context = owner) =>
    execute(delegateItems, context, { reviewId, itemIds: rows.map((row) => row.id), to });

  it("makes them theirs alone to decide, until they are taken back; it is in the trail, and each home page knows", async () => {
    const id = await open({ role: "contributor" });
    const row = await rowOf(id, ada);
    const second = await makePerson(acme.id, "workspace-admin", acme.own.workspace.id);
    const theirs = callAs(second, acme.own.workspace);
    expect((await ask(listReviewers, owner, {})).map((one) => one.id)).toEqual(expect.arrayContaining([second.id, acme.people.auditor.id]));
    const seq = await lastSeq(db.ownerUrl);
    await give(id, await rowsOf(id), second.id);
    expect(await trail(seq)).toMatchObject([{ action: "access-review.delegated", outcome: "allowed", after: { delegatedTo: "The Workspace Admin" } }]);
    expect(await rowOf(id, ada)).toMatchObject({ delegatedTo: "The Workspace Admin", canDecide: false, canDelegate: true });
    expect(await rowOf(id, ada, theirs)).toMatchObject({ canDecide: true });
    const atHome = async (actor: Actor) => (await ask(getHome, callAs(actor), {})).reviews.some((one) => one.id === id);
    expect([await atHome(owner.actor), await atHome(second)]).toEqual([false, true]);
    await expect(decide(id, [row], "keep")).rejects.toMatchObject({ code: "conflict" });
    await decide(id, [row], "keep", "", theirs);
    await expect(give(id, [row], second.id)).rejects.toMatchObject({ code: "conflict" });
    const [other] = (await rowsOf(id)).filter((one) => one.canDelegate);
    await give(id, [other as ReviewItemRow], "");
    expect((await rowsOf(id)).find((one) => one.id === other?.id)).toMatchObject({ delegatedTo: null, canDecide: true });
  });

  it("is never to whom a row is about, nor to somebody who reviews nothing here", async () => {
    const second = await makePerson(acme.id, "workspace-admin", acme.own.workspace.id);
    const id = await open({ role: "workspace-admin" });
    await expect(give(id, [await rowOf(id, second)], second.id)).rejects.toMatchObject({ code: "forbidden", reason: "own_grant" });
    await expect(give(id, [await rowOf(id, second)], ada.id)).rejects.toMatchObject({ code: "invalid_input", fields: { to: expect.any(String) } });
    await expect(give(id, [await rowOf(id, owner.actor)], second.id)).rejects.toMatchObject({ code: "forbidden", reason: "own_grant" });
    await expect(give(id, [await rowOf(id, second)], "", callAs(acme.people.viewer, acme.own.workspace))).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("deciding", () => {
  it("ends what is revoked on the next request, with an entry for the grant and one for the review", async () => {
    const id = await open();
    const row = await rowOf(id, ada);
    const seq = await lastSeq(db.ownerUrl);
    await expect(decide(id, [row], "revoke")).rejects.toMatchObject({ code: "invalid_input", fields: { reason: expect.any(String) } });
    await decide(id, [row], "revoke", "left the team");
    expect(await roles(ada)).toEqual([]);
    expect(await trail(seq)).toMatchObject([
      { action: "grant.ended", outcome: "allowed", workspace_id: acme.own.workspace.id, reason: "left the team" },
      { action: "access-review.decided", reason: "left the team", after: { decision: "revoke" } },
    ]);
    expect(await rowOf(id, ada)).toMatchObject({ decision: "revoke", meanwhile: null, canDecide: false });
    await expect(decide(id, [row], "keep", "no")).rejects.toMatchObject({ code: "conflict" });
  });

  it("takes many rows, all or none", async () => {
    const [bob, eve] = [await makePerson(acme.id, "viewer", acme.own.workspace.id), await makePerson(acme.id, "viewer", acme.own.workspace.id)];
    const id = await open();
    const rows = await rowsOf(id);
    const of = (person: Actor) => rows.find((row) => row.subjectId === person.id) as ReviewItemRow;
    await expect(decide(id, [of(bob), of(eve), of(owner.actor)], "revoke", "unused")).rejects.toMatchObject({ code: "forbidden", reason: "own_grant" });
    expect([await roles(bob), await roles(eve)]).toEqual([["viewer"], ["viewer"]]);
    await decide(id, [of(bob), of(eve)], "revoke", "unused");
    expect([await roles(bob), await roles(eve)]).toEqual([[], []]);
  });

  it("leaves what a directory gives, and says where it is ended; it is settled when it ended there", async () => {
    await asOwner(db.ownerUrl, "update role_grant set source = 'scim' where principal_id = $1", [ada.id]);
    const id = await open({ role: "contributor" });
    const row = await rowOf(id, ada);
    expect(row).toMatchObject({ canDecide: true, canRevoke: false });
    await expect(decide(id, [row], "revoke", "left")).rejects.toMatchObject({
      code: "forbidden",
      reason: "directory_owned",
      message: expect.stringContaining("Directory"),
    });
    expect(await roles(ada)).toEqual(["contributor"]);
    await asOwner(db.ownerUrl, "update role_grant set valid_to = now() where principal_id = $1", [ada.id]);
    expect(await rowOf(id, ada)).toMatchObject({ meanwhile: "ended", canDecide: false });
  });

  it("lets the auditor keep and sign off, and not revoke", async () => {
    const id = await open({}, auditor);
    const row = await rowOf(id, ada, auditor);
    expect(row).toMatchObject({ canDecide: true, canRevoke: false });
    await expect(decide(id, [row], "revoke", "x", auditor)).rejects.toMatchObject({ code: "forbidden", reason: "no_grant" });
    await decide(id, [row], "keep", "", auditor);
    expect(await roles(ada)).toEqual(["contributor"]);
  });

  it("shows what changed meanwhile", async () => {
    const [bob, eve] = [await makePerson(acme.id, "viewer", acme.own.workspace.id), await makePerson(acme.id, "viewer", acme.own.workspace.id)];
    const id = await open();
    const grantOf = async (person: Actor) =>
      (await asOwner<{ id: string }>(db.ownerUrl, "select id from role_grant where principal_id = $1", [person.id]))[0]?.id;
    await execute(changeGrant, owner, { grantId: await grantOf(bob), role: "contributor" });
    await execute(endGrant, owner, { grantId: await grantOf(eve) });
    await asOwner(db.ownerUrl, "update principal set active = false where id = $1", [ada.id]);
    expect(await rowOf(id, bob)).toMatchObject({ meanwhile: "changed", nowRole: "contributor", canDecide: false });
    expect(await rowOf(id, eve)).toMatchObject({ meanwhile: "ended", nowRole: null });
    expect(await rowOf(id, ada)).toMatchObject({ meanwhile: "deactivated", canDecide: true });
    await expect(decide(id, [await rowOf(id, eve)], "keep")).rejects.toMatchObject({ code: "conflict" });
    expect((await read(id)).givenSince).toBe(1);
    expect((await read(id)).counts.ended).toBe(2);
  });

  it("has a team as one row, which its members don't decide, and which ends for all of them", async () => {
    const above = callAs(acme.people["system-admin"]);
    const { id: teamId } = await execute(createTeam, above, { name: `t-${newId()}` });
    await execute(addTeamMember, above, { teamId, principalId: ada.id });
    await execute(grantRole, admin, { teamId, role: "stack-admin", scope: "workspace" });
    const id = await open({ role: "stack-admin" });
    expect((await rowsOf(id)).filter((row) => row.subjectId === ada.id)).toEqual([]);
    const row = await rowOf(id, { id: teamId });
    expect(row).toMatchObject({ subjectKind: "team", members: ["The Contributor"], canRevoke: true });
    const bob = await makePerson(acme.id, "workspace-admin", acme.own.workspace.id);
    await execute(addTeamMember, above, { teamId, principalId: bob.id });
    expect(await rowOf(id, { id: teamId })).toMatchObject({ meanwhile: "members" });
    const asBob = callAs(bob, acme.own.workspace);
    expect(await rowOf(id, { id: teamId }, asBob)).toMatchObject({ isMine: true, canDecide: false });
    await expect(decide(id, [row], "keep", "", asBob)).rejects.toMatchObject({ reason: "own_grant" });
    await decide(id, [row], "revoke", "project is over");
    expect(await roles(ada)).toEqual(["contributor"]);
  });

  it("keeps the last System Admin, and nothing is decided then", async () => {
    const above = callAs(acme.people["system-admin"]);
    const second = await makePerson(acme.id, "system-admin", acme.own.workspace.id);
    const id = await open({}, above);
    await asOwner(db.ownerUrl, "update role_grant set valid_to = now() + interval '1 day' where principal_id = $1", [above.actor.id]);
    await expect(decide(id, [await rowOf(id, second, above)], "revoke", "x", above)).rejects.toMatchObject({ reason: "last_system_admin" });
    expect(await rowOf(id, second, above)).toMatchObject({ decision: null });
    await asOwner(db.ownerUrl, "update role_grant set valid_to = null where principal_id = $1", [above.actor.id]);
  });
});

describe("the end", () => {
  it("is a sign-off once everything is decided, sealed by a digest of the list, and read-only from then on", async () => {
    const id = await open({ role: "contributor" });
    const rows = await rowsOf(id);
    await decide(
      id,
      rows.filter((row) => row.subjectId !== ada.id && row.canDecide),
      "keep",
      "needed",
    );
    await expect(execute(signOffReview, owner, { reviewId: id })).rejects.toMatchObject({
      code: "conflict",
      message: `1 of ${rows.length} rows are not decided yet.`,
    });
    await decide(id, [await rowOf(id, ada)], "keep");
    const seq = await lastSeq(db.ownerUrl);
    const { digest } = await execute(signOffReview, owner, { reviewId: id, comment: "complete" });
    const signed = await rowsOf(id);
    const sealed = sealedText(signed.map((row) => ({ ...row, decision: row.decision as string })));
    expect(digest).toBe(createHash("sha256").update(sealed).digest("hex"));
    expect(await trail(seq)).toMatchObject([{ action: "access-review.signed-off", after: { state: "signed", digest }, reason: "complete" }]);
    expect(await read(id)).toMatchObject({ state: "signed", digest, closedBy: "The Workspace Admin", canDecide: false, comment: "complete" });
    await expect(decide(id, signed, "undecided")).rejects.toMatchObject({ code: "conflict" });
    await expect(execute(signOffReview, owner, { reviewId: id })).rejects.toMatchObject({ code: "conflict" });
    await expect(execute(cancelReview, owner, { reviewId: id, comment: "x" })).rejects.toMatchObject({ code: "conflict" });
    for (const change of [
      "update access_review set name = 'x' where id = $1",
      "update access_review_item set decision = 'keep' where review_id = $1",
      "delete from access_review_item where review_id = $1",
    ])
      await expect(asOwner(db.ownerUrl, change, [id])).rejects.toThrow("a closed access review is not changed");
  });

  it("signs what ended meanwhile as ended, whatever was noted of it", async () => {
    await asOwner(db.ownerUrl, "update role_grant set role = 'approver' where principal_id = $1", [ada.id]);
    const id = await open({ role: "approver" });
    await decide(
      id,
      (await rowsOf(id)).filter((row) => row.canDecide),
      "keep",
      "needed",
    );
    await asOwner(db.ownerUrl, "update role_grant set valid_to = now() where principal_id = $1", [ada.id]);
    await execute(signOffReview, owner, { reviewId: id });
    expect(await rowOf(id, ada)).toMatchObject({ decision: "ended", reason: null });
  });

  it("can be a cancelling, with a reason", async () => {
    const id = await open();
    await expect(execute(cancelReview, owner, { reviewId: id })).rejects.toMatchObject({ code: "invalid_input" });
    await execute(cancelReview, owner, { reviewId: id, comment: "wrong workspace" });
    expect(await read(id)).toMatchObject({ state: "cancelled", comment: "wrong workspace", digest: null });
  });

  it("is told in the list, with what is overdue and how far each is", async () => {
    const id = await open({ role: "contributor" });
    await asOwner(db.ownerUrl, "update access_review set due_at = now() - interval '1 day' where id = $1", [id]);
    const list = async (context = owner, state?: string) =>
      (
        await ask(listReviews, context, {
          conditions: state ? [{ field: "state", op: "oneof", value: [state] }] : [],
          sort: { field: "created", direction: "desc" },
        })
      ).rows;
    await decide(id, [await rowOf(id, ada)], "keep");
    const row = (await list(owner, "overdue")).find((one) => one.id === id);
    expect(row).toMatchObject({ state: "overdue", settled: 1, workspace: acme.own.workspace.slug, createdBy: "The Workspace Admin" });
    const waiting = (context = owner) => ask(countOpenReviews, context, {});
    const before = await waiting();
    const another = await open({ role: "contributor" });
    expect(await waiting()).toBe(before + 1);
    const dueAtHome = async (actor: Actor) => (await ask(getHome, callAs(actor), {})).reviews;
    expect((await dueAtHome(acme.people["workspace-admin"])).find((one) => one.id === another)).toMatchObject({
      workspace: acme.own.workspace.slug,
      isOverdue: false,
    });
    expect(await dueAtHome(acme.people.viewer)).toEqual([]);
    await decide(
      another,
      (await rowsOf(another)).filter((one) => one.canDecide),
      "keep",
      "needed",
    );
    expect(await waiting()).toBe(before); // only the sign-off is left, or rows that are one's own
    expect((await list(callAs(acme.people.auditor))).some((one) => one.id === id)).toBe(true);
    await expect(list(callAs(acme.people.viewer, acme.own.workspace))).rejects.toMatchObject({ code: "not_found" });
    await expect(read(id, callAs(acme.people["system-admin"], acme.foreign.workspace))).rejects.toMatchObject({ code: "not_found" });
  });
});
