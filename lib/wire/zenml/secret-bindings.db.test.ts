import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { createIntegration } from "@/lib/integrations/create-integration";
import { execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { callAs, makePerson } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { type Account, call, idOf, makeAccount, makeWireWorkspaces, startRun } from "./test-wire";

// What a run may resolve: what is bound to its stack, its components, its pipeline or a step; by its own token, nothing else by nobody else's
// client (PERMISSIONS, rules 11 and 12).

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const SLUG = "fraud-detection";
let workspaceId = "";
let organizationId = "";
let admin: Account;
let ci: Account;

beforeAll(async () => {
  const made = await makeWireWorkspaces([SLUG]);
  organizationId = made.organizationId;
  workspaceId = made.workspaces[SLUG] as string;
  admin = await makeAccount(organizationId, workspaceId, SLUG, "workspace-admin");
  ci = await makeAccount(organizationId, workspaceId, SLUG, "contributor", "ci");
  idOf(await at(admin, "POST", "/flavors", { name: "lake", type: "artifact_store", source: "mine.Lake", config_schema: {}, integration: "custom" }));
});

const at = (who: Account, method: string, path: string, body?: unknown) => call(who.token, SLUG, method, path, body);
const unique = (name: string) => `${name}-${newId().slice(-10)}`;
const secretOf = async (who: Account, name = unique("key"), isPrivate = false) => ({
  name,
  id: idOf(await at(who, "POST", "/secrets", { name, private: isPrivate, values: { token: `value of ${name}` } })),
});
const component = async (who: Account, type: string, configuration: object = {}, more: object = {}) =>
  idOf(await at(who, "POST", "/components", { name: unique(type), type, flavor: type === "artifact_store" ? "lake" : "local", configuration, ...more }));

/** A run of `ci` on a stack of these components, with the token of the run. */
async function runOn(parts: { store?: string; secrets?: string[]; by?: Account } = {}) {
  const by = parts.by ?? ci;
  const orchestrator = await component(by, "orchestrator");
  const store = parts.store ?? (await component(by, "artifact_store", { path: "/stores" }));
  const body = { name: unique("stack"), components: { orchestrator: [orchestrator], artifact_store: [store] }, secrets: parts.secrets };
  const stack = idOf(await at(by, "POST", "/stacks", body));
  const started = await startRun(ci.token, SLUG, newId());
  await asOwner(db.ownerUrl, "update run set stack_id = $1 where id = $2", [stack, started.run]);
  const token = (await at(ci, "GET", `/api_token?token_type=workload&pipeline_run_id=${started.run}`)).body as string;
  const read = (id: string) => call(token, SLUG, "GET", `/secrets/${id}`);
  const names = async () => ((await call(token, SLUG, "GET", "/secrets?size=100")).body as { items: { name: string }[] }).items.map((item) => item.name);
  return { ...started, stack, store, orchestrator, token, read, names };
}
const bindingsOf = (id: string) =>
  asOwner<{ kind: string; path: string; open: boolean; fields: string[] }>(
    db.ownerUrl,
    "select kind, path, valid_to is null as open, fields from secret_binding where secret_id = $1 order by valid_from, id",
    [id],
  );
const usesOf = (id: string) =>
  asOwner<{ purpose: string; run_id: string | null; step_run_id: string | null; exactness: string | null }>(
    db.ownerUrl,
    "select purpose, run_id, step_run_id, exactness from secret_use where secret_id = $1 order by at",
    [id],
  );

describe("a run's token", () => {
  it("reads what is attached to its stack or a component, until it is removed; the list has nothing else", async () => {
    const [shared, other, unbound] = [await secretOf(admin), await secretOf(admin), await secretOf(admin)];
    const store = await component(admin, "artifact_store", { path: "/stores" }, { secrets: [other.name] });
    const run = await runOn({ by: admin, store, secrets: [shared.id] });
    expect((await run.read(shared.id)).body).toMatchObject({ body: { values: { token: `value of ${shared.name}` } } });
    expect((await run.read(other.id)).status).toBe(200);
    const refused = await run.read(unbound.id);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining(`/${SLUG}/secrets/${unbound.id}`)]);
    expect((await run.names()).sort()).toEqual([shared.name, other.name].sort());
    expect((await at(admin, "GET", `/stacks/${run.stack}?hydrate=true`)).body).toMatchObject({ metadata: { secrets: [shared.id] } });
    expect((await at(admin, "GET", `/components/${store}`)).body).toMatchObject({ metadata: { secrets: [other.id] } });
    expect((await at(admin, "PUT", `/stacks/${run.stack}`, { remove_secrets: [shared.id] })).status).toBe(200);
    expect((await run.read(shared.id)).status).toBe(403);
    expect(await bindingsOf(shared.id)).toEqual([{ kind: "stack", path: "attached", open: false, fields: [] }]);
    const trail = await asOwner<{ action: string }>(db.ownerUrl, "select action from audit_entry where target_id = $1 and outcome = 'allowed' order by seq", [
      shared.id,
    ]);
    expect(trail.map((entry) => entry.action)).toEqual(["secret.created", "secret.bound", "secret.read", "secret.unbound"]);
  });

  it("is an exact use, with the step that runs", async () => {
    const secret = await secretOf(ci);
    const run = await runOn({ secrets: [secret.id] });
    await run.read(secret.id);
    const begin = { project: run.project, name: "load", pipeline_run_id: run.run, status: "running", start_time: "2026-11-22T18:10:05.000001" };
    const step = idOf(await call(run.token, SLUG, "POST", "/steps", begin));
    await run.read(secret.id);
    expect(await usesOf(secret.id)).toEqual([
      { purpose: "run", run_id: run.run, step_run_id: null, exactness: "exact" },
      { purpose: "run", run_id: run.run, step_run_id: step, exactness: "exact" },
    ]);
  });

  it("reads no secret that is bound to another run's stack, and no private one of somebody else", async () => {
    const [secret, mine] = [await secretOf(admin), await secretOf(admin, undefined, true)];
    const bound = await runOn({ by: admin, secrets: [secret.id, mine.id] });
    expect((await bound.read(mine.id)).status).toBe(404);
    expect((await at(ci, "GET", `/stacks/${bound.stack}`)).body).toMatchObject({ metadata: { secrets: [secret.id] } });
    expect((await (await runOn()).read(secret.id)).status).toBe(403);
  });
});

describe("a reference in a configuration", () => {
  it("binds by itself, in either order of making the two, and ends with the reference", async () => {
    const early = await secretOf(ci);
    const lateName = unique("late");
    const store = await component(ci, "artifact_store", { path: `{{${early.name}.path}}`, other: `{{${lateName}.token}}` });
    const late = await secretOf(ci, lateName);
    const run = await runOn({ store });
    for (const secret of [early, late]) expect((await run.read(secret.id)).status, secret.name).toBe(200);
    expect(await bindingsOf(early.id)).toEqual([{ kind: "component", path: "reference", open: true, fields: ["path"] }]);
    expect((await at(ci, "PUT", `/components/${store}`, { configuration: { path: "/plain" } })).status).toBe(200);
    for (const secret of [early, late]) expect((await run.read(secret.id)).status, secret.name).toBe(403);
  });

  it("to somebody else's secret gives nothing: not by the reference, not by attaching, not when the name comes later", async () => {
    const secret = await secretOf(admin);
    const later = unique("later");
    const store = await component(ci, "artifact_store", { path: `{{${secret.name}.token}}`, other: `{{${later}.token}}` });
    const made = await secretOf(await makeAccount(organizationId, workspaceId, SLUG, "contributor", unique("other")), later);
    const run = await runOn({ store });
    for (const id of [secret.id, made.id]) expect((await run.read(id)).status).toBe(403);
    expect((await at(ci, "PUT", `/components/${store}`, { add_secrets: [secret.id] })).status).toBe(403);
    expect(
      (await at(ci, "POST", "/components", { name: unique("c"), type: "orchestrator", flavor: "local", configuration: {}, secrets: [secret.name] })).status,
    ).toBe(403);
    expect(await bindingsOf(secret.id)).toEqual([]);
  });

  it("gives nothing of an admin's secret either, who made it under a name that was waited for, or changed something else of the component", async () => {
    const [there, later] = [await secretOf(admin), unique("waited")];
    const store = await component(ci, "artifact_store", { path: `{{${there.name}.token}}`, other: `{{${later}.token}}` });
    const run = await runOn({ store });
    const made = await secretOf(admin, later);
    expect((await at(admin, "PUT", `/components/${store}`, { labels: { team: "x" } })).status).toBe(200);
    const same = { path: `{{${there.name}.token}}`, other: `{{${later}.token}}`, more: "x" };
    expect((await at(admin, "PUT", `/components/${store}`, { configuration: same })).status).toBe(200);
    for (const id of [there.id, made.id]) expect((await run.read(id)).status).toBe(403);
    expect((await at(admin, "PUT", `/components/${store}`, { configuration: { ...same, key: `{{${made.name}.token}}` } })).status).toBe(200);
    expect((await run.read(made.id)).status, "it was written by who may bind it").toBe(200);
    expect((await run.read(there.id)).status).toBe(403);
  });

  it("follows the name of the secret, and a deletion that is taken back", async () => {
    const secret = await secretOf(ci);
    const store = await component(ci, "artifact_store", { path: `{{${secret.name}.path}}` });
    const run = await runOn({ store });
    await at(ci, "PUT", `/secrets/${secret.id}`, { name: unique("renamed") });
    expect((await run.read(secret.id)).status).toBe(403);
    await at(ci, "PUT", `/secrets/${secret.id}`, { name: secret.name });
    expect((await run.read(secret.id)).status).toBe(200);
    await at(ci, "DELETE", `/secrets/${secret.id}`);
    expect((await run.read(secret.id)).status).toBe(404);
    expect((await bindingsOf(secret.id)).every((binding) => !binding.open)).toBe(true);
  });
});

describe("a client's own reading", () => {
  it("is taken for the run that the same process posts, before and while it runs; another process's is not", async () => {
    const process = await makeAccount(organizationId, workspaceId, SLUG, "contributor", unique("process"));
    const secret = await secretOf(process);
    await at(process, "GET", `/secrets/${secret.id}`);
    const { run } = await startRun(process.token, SLUG, newId());
    await at(process, "GET", `/secrets/${secret.id}`);
    expect(await usesOf(secret.id)).toEqual([
      { purpose: "client", run_id: run, step_run_id: null, exactness: "inferred" },
      { purpose: "client", run_id: run, step_run_id: null, exactness: "inferred" },
    ]);
    const theirs = await secretOf(admin);
    await at(admin, "GET", `/secrets/${theirs.id}`);
    expect(await usesOf(theirs.id)).toEqual([{ purpose: "client", run_id: null, step_run_id: null, exactness: null }]);
  });

  it("of somebody else's secret is refused with the way to reveal it, also where it is bound", async () => {
    const secret = await secretOf(ci);
    await runOn({ secrets: [secret.id] });
    const refused = await at(admin, "GET", `/secrets/${secret.id}`);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining(`/${SLUG}/secrets/${secret.id}`)]);
  });
});

describe("a secret of the organization", () => {
  it("is a public one to clients: listed, read by runs that it is bound to alone, and changed by nobody over the wire", async () => {
    const name = unique("shared");
    const actor = await makePerson(organizationId, "system-admin", workspaceId);
    await execute(createIntegration, callAs(actor), { name, values: { token: `value of ${name}` }, workspaces: [workspaceId] });
    const listed = (await at(ci, "GET", `/secrets?name=${name}&hydrate=true`)).body as { items: { id: string; body: object }[] };
    expect(listed.items).toMatchObject([{ name, body: { private: false, values: {}, user_id: null } }]);
    const id = listed.items[0]?.id ?? "";
    for (const [method, path, body] of [
      ["GET", `/secrets/${id}`, undefined],
      ["PUT", `/secrets/${id}?patch_values=true`, { values: { token: "mine" } }],
      ["DELETE", `/secrets/${id}`, undefined],
    ] as const) {
      const answer = await at(admin, method, path, body);
      expect([answer.status, answer.text], method).toEqual([403, expect.stringContaining("is the organization’s")]);
    }
    const changed = await at(admin, "DELETE", `/secrets/${id}`);
    expect(changed.text).toContain("A System Admin changes it in Settings → Integrations.");
    expect((await (await runOn({ by: admin })).read(id)).status).toBe(403);
    const store = await component(admin, "artifact_store", { path: `{{${name}.token}}` });
    const run = await runOn({ by: admin, store });
    expect((await run.read(id)).body).toMatchObject({ body: { values: { token: `value of ${name}` } } });
    expect(await run.names()).toEqual([name]);
    expect(await bindingsOf(id)).toEqual([{ kind: "component", path: "reference", open: true, fields: ["path"] }]);
    expect(await usesOf(id)).toEqual([{ purpose: "run", run_id: run.run, step_run_id: null, exactness: "exact" }]);
  });
});
