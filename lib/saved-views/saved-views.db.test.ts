import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { Actor } from "@/lib/identity/actor";
import { type CallContext, execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { deleteView, saveView, updateView } from "./change-views";
import { listViews } from "./list-views";

// Saved views: everybody their own, shared ones by who looks after the place, nobody another workspace's.

useTestDatabase();
let acme: TestOrganization;
let other: Actor;
const at = (actor: Actor) => callAs(actor, acme.own.workspace);
const view = (name: string, more = {}) => ({ list: "runs", project: "default", name, query: "?f=status~is~failed", ...more });
const save = (context: CallContext, input: unknown) => execute(saveView, context, input);
const listed = async (actor: Actor) => (await ask(listViews, callAs(actor, null), {})).map((one) => one.name);
const one = async (actor: Actor, name: string) => (await ask(listViews, callAs(actor, null), {})).find((known) => known.name === name);

beforeAll(async () => {
  acme = await makeTestOrganization();
  other = await makePerson(acme.id, "workspace-admin", acme.foreign.workspace.id);
});

it("a private view is its maker's alone; a shared one is everybody's who may read the place", async () => {
  const { viewer, contributor, "workspace-admin": admin } = acme.people;
  await save(at(viewer), view("Mine"));
  await save(at(admin), view("Shared", { isShared: "true" }));
  expect(await listed(viewer)).toEqual(["Shared", "Mine"]);
  expect(await listed(contributor)).toEqual(["Shared"]);
  expect(await listed(other)).toEqual([]);
  expect(await one(viewer, "Shared")).toMatchObject({
    isShared: true,
    isMine: false,
    mayChange: false,
    workspace: acme.own.workspace.slug,
    project: "default",
  });
});

it("sharing needs Workspace Admin, on saving and on changing", async () => {
  const { viewer, "workspace-admin": admin } = acme.people;
  await expect(save(at(viewer), view("Pushed", { isShared: true }))).rejects.toMatchObject({ code: "forbidden" });
  const mine = await one(viewer, "Mine");
  await expect(execute(updateView, at(viewer), { id: mine?.id, updatedAt: mine?.updatedAt, isShared: true })).rejects.toMatchObject({ code: "forbidden" });
  const shared = await one(admin, "Shared");
  await expect(execute(updateView, at(viewer), { id: shared?.id, updatedAt: shared?.updatedAt, name: "Taken over" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(execute(deleteView, at(viewer), { id: shared?.id })).rejects.toMatchObject({ code: "forbidden" });
  await expect(execute(deleteView, at(admin), { id: mine?.id })).rejects.toMatchObject({ code: "not_found" });
  await expect(execute(deleteView, callAs(other, acme.foreign.workspace), { id: shared?.id })).rejects.toMatchObject({ code: "not_found" });
});

it("names are unique per list and owner, and a change that came in between is not overwritten", async () => {
  const { viewer } = acme.people;
  await expect(save(at(viewer), view("mine"))).rejects.toMatchObject({ code: "conflict", fields: { name: "This name is taken." } });
  await save(at(viewer), { ...view("mine"), list: "stacks", project: "" });
  const before = await one(viewer, "Mine");
  await execute(updateView, at(viewer), { id: before?.id, updatedAt: before?.updatedAt, query: "?sort=-started" });
  await expect(execute(updateView, at(viewer), { id: before?.id, updatedAt: before?.updatedAt, name: "Late" })).rejects.toMatchObject({ code: "conflict" });
  expect(await one(viewer, "Mine")).toMatchObject({ query: "?sort=-started" });
});

it("keeps no page, no foreign key and no endless text", async () => {
  for (const query of ["?after=x", "?evil=1", `?f=${"x".repeat(3000)}`])
    await expect(save(at(acme.people.viewer), view("Bad", { query })), query.slice(0, 20)).rejects.toMatchObject({ code: "invalid_input" });
  for (const list of ["../x", "Runs", "runs?x", ""])
    await expect(save(at(acme.people.viewer), view("Bad", { list })), list).rejects.toMatchObject({ code: "invalid_input" });
});
