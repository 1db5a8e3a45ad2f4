import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { countOpenRequests } from "@/lib/access/list-requests";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { askReveal, decideReveal, withdrawReveal } from "./ask-reveal";
import { createSecret } from "./create-secret";
import { getRevealState, listReveals } from "./list-reveals";
import { setRevealPolicy } from "./reveal-policy";
import { updateSecret } from "./update-secret";
import { readSecretByClient, revealSecret } from "./use-secret";

// A reveal with a second person: who may ask, who may decide, how long and how often it holds, and when it ends before that.

const db = useTestDatabase();
let acme: TestOrganization;
let count = 0;
const REASON = "The lake refused its key.";
type Person = Awaited<ReturnType<typeof makePerson>>;
let second: Person;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  second = await makePerson(acme.id, "workspace-admin", acme.own.workspace.id);
  await execute(setRevealPolicy, as("workspace-admin"), { revealsNeedSecond: true });
});

const as = (role: keyof TestOrganization["people"]) => callAs(acme.people[role], acme.own.workspace);
const by = (person: Person) => callAs(person, acme.own.workspace);
const make = (isPrivate = false) => execute(createSecret, as("contributor"), { name: `r-${++count}`, isPrivate, values: { a: "canary-1" } });
const askFor = async (id: string, call = as("workspace-admin")) => (await execute(askReveal, call, { id, reason: REASON })).id;
const approve = (requestId: string, call = by(second)) => execute(decideReveal, call, { requestId, decision: "approve" });
const reveal = (id: string, call = as("workspace-admin")) => execute(revealSecret, call, { id, isApproved: true });

it("asked, approved by another, revealed once: an entry each, the use with the reason that was read", async () => {
  const id = await make();
  await expect(execute(revealSecret, as("workspace-admin"), { id, reason: REASON })).rejects.toMatchObject({
    code: "forbidden",
    reason: "needs_second_person",
  });
  const seq = await lastSeq(db.ownerUrl);
  const request = await askFor(id);
  await expect(reveal(id)).rejects.toMatchObject({ reason: "needs_second_person" });
  await approve(request);
  expect((await reveal(id)).values).toEqual({ a: "canary-1" });
  await expect(reveal(id)).rejects.toMatchObject({ reason: "needs_second_person" });
  const entries = await trailAfter(db.ownerUrl, seq);
  expect(entries.map((entry) => [entry.action, entry.outcome])).toEqual([
    ["secret.reveal-asked", "allowed"],
    ["secret.revealed", "denied"],
    ["secret.reveal-decided", "allowed"],
    ["secret.revealed", "allowed"],
    ["secret.revealed", "denied"],
  ]);
  expect(JSON.stringify(entries)).not.toContain("canary");
  expect(await asOwner(db.ownerUrl, "select purpose, reason from secret_use where secret_id = $1", [id])).toEqual([{ purpose: "reveal", reason: REASON }]);
});

it("nobody decides their own, nor who may not reveal it, nor twice", async () => {
  const id = await make();
  const request = await askFor(id);
  await expect(approve(request, as("workspace-admin"))).rejects.toMatchObject({ code: "forbidden", reason: "own_request" });
  const other = await makePerson(acme.id, "contributor", acme.own.workspace.id);
  for (const call of [by(other), as("viewer"), as("auditor"), as("system-admin")])
    await expect(approve(request, call)).rejects.toMatchObject({ code: "forbidden" });
  await expect(execute(decideReveal, by(second), { requestId: request, decision: "decline" })).rejects.toMatchObject({
    fields: { comment: expect.any(String) },
  });
  await approve(request, as("contributor")); // its owner
  await expect(approve(request)).rejects.toMatchObject({ code: "not_found" });
});

it("the owner needs one too in the browser; their client reads as decision 27 says", async () => {
  const id = await make();
  await expect(execute(revealSecret, as("contributor"), { id, reason: REASON })).rejects.toMatchObject({ code: "forbidden" });
  expect((await execute(readSecretByClient, as("contributor"), { id })).values).toEqual({ a: "canary-1" });
});

it("a private secret has nobody else who could be asked, and needs none", async () => {
  const id = await make(true);
  await expect(execute(askReveal, as("contributor"), { id, reason: REASON })).rejects.toMatchObject({ code: "conflict" });
  expect((await execute(revealSecret, as("contributor"), { id, reason: REASON })).values).toEqual({ a: "canary-1" });
});

it("an approval ends after minutes, and a request after hours", async () => {
  const id = await make();
  await approve(await askFor(id));
  await asOwner(db.ownerUrl, "update reveal_request set decided_at = decided_at - interval '16 minutes' where secret_id = $1", [id]);
  await expect(reveal(id)).rejects.toMatchObject({ reason: "approval_ended" });
  expect((await ask(getRevealState, as("workspace-admin"), { id })).mine).toBeNull();
  const request = await askFor(id);
  await asOwner(db.ownerUrl, "update reveal_request set expires_at = now() - interval '1 second' where id = $1", [request]);
  await expect(approve(request)).rejects.toMatchObject({ code: "not_found" });
});

it("an approval is for the values that held when it was given", async () => {
  const id = await make();
  await approve(await askFor(id));
  await execute(updateSecret, as("contributor"), { id, patch: { a: "canary-2" } });
  await expect(reveal(id)).rejects.toMatchObject({ code: "forbidden", reason: "approval_ended" });
  expect((await ask(getRevealState, as("workspace-admin"), { id })).mine).toBeNull();
  await approve(await askFor(id));
  expect((await reveal(id)).values).toEqual({ a: "canary-2" });
});

it("it ends when the asker or the approver loses access", async () => {
  const id = await make();
  const asker = await makePerson(acme.id, "workspace-admin", acme.own.workspace.id);
  const leaver = await makePerson(acme.id, "workspace-admin", acme.own.workspace.id);
  const endGrants = (person: Person) => asOwner(db.ownerUrl, "update role_grant set valid_to = now() where principal_id = $1", [person.id]);
  await approve(await askFor(id, by(asker)), by(leaver));
  await endGrants(leaver);
  await expect(reveal(id, by(asker))).rejects.toMatchObject({ reason: "approver_lost_access" });
  await approve(await askFor(id, by(asker)));
  await endGrants(asker);
  await expect(reveal(id, by(asker))).rejects.toMatchObject({ code: "not_found" });
  const waiting = await askFor(id);
  await asOwner(db.ownerUrl, "update principal set active = false, ended_by = 'person', ended_at = now() where id = $1", [second.id]);
  await expect(approve(waiting)).rejects.toMatchObject({ code: expect.stringMatching(/unauthenticated|not_found|forbidden/) });
  await asOwner(db.ownerUrl, "update principal set active = true, ended_by = null, ended_at = null where id = $1", [second.id]);
});

it("the inbox counts and shows what one may decide, and what one asked for", async () => {
  const id = await make();
  const before = await ask(countOpenRequests, by(second), {});
  const request = await askFor(id, as("contributor"));
  expect(await ask(countOpenRequests, by(second), {})).toBe(before + 1);
  expect((await ask(listReveals, { ...by(second), workspace: null }, { which: "deciding" })).map((row) => row.id)).toContain(request);
  expect((await ask(listReveals, as("contributor"), { which: "mine" })).find((row) => row.id === request)).toMatchObject({
    isMine: true,
    mayDecide: false,
    state: "open",
  });
  expect((await ask(listReveals, as("viewer"), { which: "all" })).length).toBe(0);
  expect((await ask(getRevealState, by(second), { id })).waiting.map((row) => row.id)).toEqual([request]);
  await expect(execute(withdrawReveal, by(second), { requestId: request })).rejects.toMatchObject({ code: "not_found" });
  await execute(withdrawReveal, as("contributor"), { requestId: request });
  expect(await ask(countOpenRequests, by(second), {})).toBe(before);
});

it("who may reveal doesn't switch it off; a System Admin does", async () => {
  await expect(execute(setRevealPolicy, as("workspace-admin"), { revealsNeedSecond: false })).rejects.toMatchObject({ code: "forbidden" });
  await execute(setRevealPolicy, as("system-admin"), { revealsNeedSecond: false });
  expect((await execute(revealSecret, as("workspace-admin"), { id: await make(), reason: REASON })).values).toEqual({ a: "canary-1" });
});
