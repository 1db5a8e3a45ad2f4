import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { Actor } from "@/lib/identity/actor";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { paletteActions } from "./actions";
import { searchPalette } from "./search";

// The palette finds what one may read, by every way of naming it, and nothing else.

const db = useTestDatabase();
let acme: TestOrganization;
let mine: TestThings;
let foreign: TestThings;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  mine = await makeThings(acme.own, acme.people.contributor.id);
  foreign = await makeThings(acme.foreign, acme.people.contributor.id);
  for (const [things, name] of [
    [mine, "Fraud_train-2026"],
    [foreign, "Fraud_secret-2026"],
  ] as const) {
    await asOwner(db.ownerUrl, "update run set name = $2, code_digest = $3 where id = $1", [things.runId, name, "ab".repeat(32)]);
    await asOwner(db.ownerUrl, "update pipeline set name = $2 where id = $1", [things.pipelineId, `${name}-pipeline`]);
    await asOwner(db.ownerUrl, "update stack set name = $2 where id = $1", [things.stackId, `my_${name}`]);
  }
});

const find = (actor: Actor, text: string) => ask(searchPalette, callAs(actor, null), { text, workspaceId: acme.own.workspace.id });
const idsOf = async (actor: Actor, text: string) => (await find(actor, text)).map((thing) => thing.id);

it("finds a run by id, beginning of the id, №, digest, whole name, its beginning and a part of it", async () => {
  const viewer = acme.people.viewer;
  const [run] = await asOwner<{ number: number }>(db.ownerUrl, "select number from run where id = $1", [mine.runId]);
  for (const text of [mine.runId, `№ ${run?.number}`, `#${run?.number}`, "ab".repeat(32), "Fraud_train-2026"]) {
    const [first] = await find(viewer, text);
    expect(first, text).toMatchObject({ kind: "run", id: mine.runId, isExact: true });
    expect(first?.href).toBe(`/${acme.own.workspace.slug}/projects/default/runs/${mine.runId}`);
  }
  for (const text of ["fraud_tr", "train", mine.runId.slice(0, 24)]) expect(await idsOf(viewer, text), text).toContain(mine.runId);
  expect(await idsOf(viewer, "my_fraud")).toContain(mine.stackId);
  expect(await find(viewer, "fraud_train-2026-p")).toMatchObject([
    { kind: "pipeline", href: expect.stringMatching(/\/pipelines\/Fraud_train-2026-pipeline$/) },
  ]);
});

it("shows nothing of another workspace, to nobody but those who read all", async () => {
  for (const role of ["workspace-admin", "contributor", "viewer", "stack-admin", "member"] as const)
    for (const text of [foreign.runId, foreign.stackId, "fraud_s", "secret", acme.foreign.workspace.slug])
      expect(JSON.stringify(await find(acme.people[role], text)), `${role} ${text}`).not.toMatch(new RegExp(`secret|${acme.foreign.workspace.slug}`, "i"));
  expect(await idsOf(acme.people.auditor, "fraud_secret-2026")).toContain(foreign.runId);
});

it("lists no runs to who reads none, no people to who has no page of them, and takes any text for a text", async () => {
  expect((await find(acme.people["stack-admin"], "fraud_")).map((thing) => thing.kind)).toEqual(["stack"]);
  expect((await find(acme.people.viewer, "viewer")).filter((thing) => ["person", "role", "service-account"].includes(thing.kind))).toEqual([]);
  expect((await find(acme.people["system-admin"], "viewer")).map((thing) => thing.kind)).toEqual(expect.arrayContaining(["person", "role"]));
  const { email, fullName } = acme.people.viewer;
  const people = async (role: "system-admin" | "workspace-admin", text: string) =>
    (await find(acme.people[role], text)).filter((one) => one.kind === "person").length;
  expect([await people("system-admin", email ?? ""), await people("workspace-admin", email ?? "")]).toEqual([1, 0]); // addresses are private
  expect(await people("workspace-admin", fullName)).toBeGreaterThan(0);
  for (const text of ["%", "_", "\\", "'; drop table run", "№", "", " ", "9".repeat(12)])
    expect(Array.isArray(await find(acme.people.viewer, text)), text).toBe(true);
  expect(await idsOf(acme.people.viewer, "%raud")).toEqual([]);
});

it("lists a refused action with what would allow it, and no action on what can't be read", () => {
  const actions = (role: "viewer" | "contributor" | "member" | "system-admin") => paletteActions(callAs(acme.people[role], acme.own.workspace));
  expect(actions("viewer").find((one) => one.id === "new-stack")?.refusal).toContain("would allow stack:create");
  expect(actions("contributor").find((one) => one.id === "new-stack")).toMatchObject({ refusal: null, href: `/${acme.own.workspace.slug}/stacks/new` });
  expect(actions("viewer").map((one) => one.id)).not.toContain("invite-to-organization");
  expect(actions("system-admin").find((one) => one.id === "new-workspace")?.refusal).toBeNull();
});
