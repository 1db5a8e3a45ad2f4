import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization, type TestPlace } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { redactorOf } from "@/lib/secrets/known-secrets";
import { askReveal } from "@/lib/secrets/ask-reveal";
import { bindSecret } from "@/lib/secrets/bind-secret";
import { createSecret } from "@/lib/secrets/create-secret";
import { deleteSecret, destroySecret, undeleteSecret } from "@/lib/secrets/delete-secret";
import { destroyVersion } from "@/lib/secrets/destroy-version";
import { findSecretForUse } from "@/lib/secrets/find-secret";
import { getSecretLedger } from "@/lib/secrets/get-ledger";
import { getSecretPage } from "@/lib/secrets/get-secret-page";
import { markLeaked } from "@/lib/secrets/leaks";
import { listDeletedSecrets } from "@/lib/secrets/list-deleted-secrets";
import { listLedgerRuns } from "@/lib/secrets/list-ledger-runs";
import { listSecretRows } from "@/lib/secrets/list-secret-rows";
import { listSecretVersions } from "@/lib/secrets/list-secret-versions";
import { listSecrets } from "@/lib/secrets/queries";
import { restoreVersion } from "@/lib/secrets/restore-version";
import { openToTest } from "@/lib/secrets/test-secret";
import { updateSecret } from "@/lib/secrets/update-secret";
import { readSecretByClient, revealSecret } from "@/lib/secrets/use-secret";
import { createWorkspace } from "@/lib/workspaces/create-workspace";
import { restoreIntegrationVersion, rotateIntegration, updateIntegration } from "./change-integration";
import { createIntegration } from "./create-integration";
import { deleteIntegration, destroyIntegrationVersion, undeleteIntegration } from "./delete-integration";
import { getIntegration, listIntegrationBindings, listIntegrationUses } from "./get-integration";
import { listIntegrations } from "./list-integrations";
import { makeRun, makeStack } from "@/lib/kernel/test-runs";

// Secrets of the organization: kept once, placed in workspaces, changed by System Admins alone, read by runs that they are bound to.

const db = useTestDatabase();
let acme: TestOrganization;
let count = 0;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
});

const admin = () => callAs(acme.people["system-admin"]);
const inOwn = (role: keyof TestOrganization["people"] = "workspace-admin") => callAs(acme.people[role], acme.own.workspace);
type Made = { name?: string; everywhere?: boolean; workspaces?: TestPlace[]; values?: Record<string, string> };
const make = async ({ name = `shared-${++count}`, everywhere = false, workspaces = [acme.own], values = { token: `value of ${name}` } }: Made = {}) => {
  const id = await execute(createIntegration, admin(), { name, values, everywhere, workspaces: workspaces.map((place) => place.workspace.id) });
  return { id, name, value: values.token };
};
const placements = (id: string) =>
  asOwner<{ id: string; workspace_id: string; open: boolean; version: number; created_by: string | null }>(
    db.ownerUrl,
    "select id, workspace_id, deleted_at is null as open, version, created_by from secret where organization_secret_id = $1 order by created_at, id",
    [id],
  );
const placementIn = async (id: string, { workspace }: TestPlace) => (await placements(id)).find((one) => one.workspace_id === workspace.id)?.id ?? "";
const trail = (target: string) =>
  asOwner<{ action: string; outcome: string; workspace_id: string | null; reason: string | null }>(
    db.ownerUrl,
    "select action, outcome, workspace_id, reason from audit_entry where target_id = $1 order by seq",
    [target],
  );
const list = { conditions: [], sort: { field: "name", direction: "asc" } } as const;
const wireList = (name: string) => ({
  conditions: [{ field: "name", op: "equals" as const, value: name }],
  logic: "and" as const,
  sort: { field: "created", direction: "asc" as const },
  limit: 50,
  offset: 0,
});

/** One that is bound to a stack of the own workspace, with a run there. */
async function bound(made: Made = {}) {
  const secret = await make(made);
  const stack = await makeStack(db.ownerUrl, acme.own);
  const placement = await placementIn(secret.id, acme.own);
  await execute(bindSecret, inOwn(), { id: placement, kind: "stack", targetId: stack });
  const run = await makeRun(db.ownerUrl, acme, acme.own, stack);
  const read = async () => (await execute(readSecretByClient, run.call, { id: placement })).values.token;
  return { ...secret, stack, placement, run, read };
}

describe("a secret of the organization", () => {
  it("is kept once, placed where it is given, and read by a run that it is bound to", async () => {
    const secret = await bound();
    expect(await secret.read()).toBe(secret.value);
    expect(await placements(secret.id)).toEqual([{ id: secret.placement, workspace_id: acme.own.workspace.id, open: true, version: 1, created_by: null }]);
    expect(await asOwner(db.ownerUrl, "select 1 from secret_version where secret_id = $1", [secret.placement])).toEqual([]);
    expect(await ask(getSecretPage, inOwn(), { id: secret.placement })).toMatchObject({
      scope: "organization",
      store: "built-in",
      owner: null,
      organizationSecretId: secret.id,
      versions: [{ version: 1, keys: ["token"] }],
      uses: 1,
    });
    expect((await ask(listSecretVersions, inOwn(), { id: secret.placement })).rows).toMatchObject([{ version: 1 }]);
    const rows = await ask(listSecretRows, inOwn("viewer"), { ...list, conditions: [{ field: "scope", op: "equals", value: "organization" }] });
    expect(rows.rows.map((row) => row.id)).toContain(secret.placement);
    expect(await trail(secret.id)).toMatchObject([{ action: "integration.created", workspace_id: null }]);
    expect((await trail(secret.placement)).map((entry) => [entry.action, entry.workspace_id])).toEqual(
      ["secret.placed", "secret.bound", "secret.read"].map((action) => [action, acme.own.workspace.id]),
    );
    expect(JSON.stringify(await asOwner(db.ownerUrl, "select * from audit_entry"))).not.toContain(secret.value);
  });

  it("is not known in a workspace that was not given it", async () => {
    const { id } = await make();
    expect(await placementIn(id, acme.foreign)).toBe("");
    const placement = await placementIn(id, acme.own);
    await expect(ask(getSecretPage, callAs(acme.people.auditor, acme.foreign.workspace), { id: placement })).rejects.toMatchObject({ code: "not_found" });
  });

  it("has a name of its own in the organization, and may share it with a workspace's", async () => {
    const { name } = await make();
    await expect(make({ name })).rejects.toMatchObject({ code: "conflict" });
    await execute(createSecret, inOwn(), { name, isPrivate: false, values: { a: "1" } });
    const other = await execute(createSecret, inOwn(), { name: `${name}-2`, isPrivate: false, values: { a: "1" } });
    expect((await make({ name: `${name}-2` })).id).not.toBe(other);
  });
});

describe("in a workspace", () => {
  it("nobody changes, rotates, deletes, restores, destroys, tests or reveals it; each try is a refusal on record", async () => {
    const { placement: id, name, id: integration } = await bound();
    await execute(rotateIntegration, admin(), { id: integration, patch: { token: "another value of it" } });
    const tries = [
      () => execute(updateSecret, inOwn(), { id, description: "mine" }),
      () => execute(updateSecret, inOwn(), { id, patch: { token: "mine" } }),
      () => execute(deleteSecret, inOwn(), { id, typedName: name }),
      () => execute(restoreVersion, inOwn(), { id, version: 1 }),
      () => execute(destroyVersion, inOwn(), { id, version: 1, typedName: name }),
      () => execute(openToTest, inOwn(), { id }),
      () => execute(revealSecret, inOwn(), { id, reason: "I want to see it." }),
      () => execute(askReveal, inOwn(), { id, reason: "I want to see it." }),
      () => execute(readSecretByClient, inOwn(), { id }),
    ];
    for (const [at, attempt] of tries.entries()) {
      const seq = await lastSeq(db.ownerUrl);
      await expect(attempt(), `try ${at}`).rejects.toMatchObject({ code: "forbidden", reason: "organizations_secret" });
      const [entry] = await asOwner(db.ownerUrl, "select outcome, reason, target_id from audit_entry where seq > $1", [seq]);
      expect(entry, `try ${at}`).toEqual({ outcome: "denied", reason: "organizations_secret", target_id: id });
    }
    expect(await placements(integration)).toMatchObject([{ version: 2, open: true }]);
  });

  it("who may not read secrets there hears that there is none", async () => {
    const { placement: id } = await bound();
    await expect(execute(updateSecret, inOwn("member"), { id, description: "mine" })).rejects.toMatchObject({ code: "not_found" });
  });

  it("it can't be brought back or destroyed once it was taken away, and is not listed as deleted", async () => {
    const { placement: id, name, id: integration } = await bound();
    await execute(updateIntegration, admin(), { id: integration, workspaces: [] });
    for (const attempt of [() => execute(undeleteSecret, inOwn(), { id }), () => execute(destroySecret, inOwn(), { id, typedName: name })])
      await expect(attempt()).rejects.toMatchObject({ code: "forbidden", reason: "organizations_secret" });
    expect((await ask(listDeletedSecrets, inOwn(), {})).rows.map((row) => row.id)).not.toContain(id);
  });

  it("binding is a Workspace Admin's, marking it as leaked works, and nobody could reveal it", async () => {
    const { placement: id, name, run, read } = await bound();
    const stack = await makeStack(db.ownerUrl, acme.own);
    await expect(execute(bindSecret, inOwn("contributor"), { id, kind: "stack", targetId: stack })).rejects.toMatchObject({ code: "forbidden" });
    await read();
    const asked = { id, from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date(Date.now() + 60_000).toISOString() };
    const ledger = await ask(getSecretLedger, inOwn(), asked);
    expect(ledger.lanes.map((lane) => [lane.kind, lane.how, lane.uses])).toEqual([["stack", "bound", 1]]);
    expect((await ask(listLedgerRuns, inOwn(), { ...asked, which: "could" })).runs.map((one) => one.id)).toEqual([run.id]);
    await execute(markLeaked, inOwn(), { id, since: asked.from, reason: "It stood in a public log.", typedName: name });
    expect((await ask(getSecretPage, inOwn(), { id })).leak).toMatchObject({ touched: { runs: { could: 1, did: 1 } } });
  });
});

describe("a name means", () => {
  it("the private one, then the project's, then the workspace's, then the organization's", async () => {
    const name = `order-${++count}`;
    const own = acme.own.workspace.id;
    const meant = () => inScope([own], async (tx) => (await findSecretForUse(tx, acme.people["workspace-admin"], own, name, acme.own.projectId))?.id ?? null);
    const listed = async () => (await ask(listSecrets, inOwn(), { spec: wireList(name), always: [] })).items.map((item) => item.id);
    const { id } = await make({ name });
    const placement = await placementIn(id, acme.own);
    expect([await meant(), await listed()]).toEqual([placement, [placement]]);
    const workspaces = await execute(createSecret, inOwn(), { name, isPrivate: false, values: { a: "1" } });
    expect([await meant(), await listed()]).toEqual([workspaces, [workspaces]]);
    const projects = await execute(createSecret, inOwn(), { name, isPrivate: false, project: "default", values: { a: "1" } });
    expect([await meant(), await listed()]).toEqual([projects, [workspaces]]);
    const mine = await execute(createSecret, inOwn(), { name, isPrivate: true, values: { a: "1" } });
    expect([await meant(), (await listed()).sort()]).toEqual([mine, [workspaces, mine].sort()]);
    for (const gone of [mine, projects, workspaces]) await execute(deleteSecret, inOwn(), { id: gone, typedName: name });
    expect(await meant()).toBe(placement);
  });

  it("to a run the first that is bound to it: its list has one of a name", async () => {
    const secret = await bound();
    const names = async () => (await ask(listSecrets, secret.run.call, { spec: wireList(secret.name), always: [] })).items.map((item) => item.id);
    expect(await names()).toEqual([secret.placement]);
    const id = await execute(createSecret, inOwn(), { name: secret.name, isPrivate: false, values: { token: "the workspace's" } });
    expect(await names(), "it is not bound").toEqual([secret.placement]);
    await execute(bindSecret, inOwn(), { id, kind: "stack", targetId: secret.stack });
    expect(await names()).toEqual([id]);
  });
});

describe("its workspaces", () => {
  it("lose it with its bindings, and get the same row back with those that still stand", async () => {
    const { id, placement, read, value } = await bound();
    await execute(updateIntegration, admin(), { id, workspaces: [acme.foreign.workspace.id] });
    expect((await placements(id)).map((one) => [one.workspace_id, one.open])).toEqual([
      [acme.own.workspace.id, false],
      [acme.foreign.workspace.id, true],
    ]);
    await expect(read()).rejects.toMatchObject({ code: "not_found" });
    await execute(updateIntegration, admin(), { id, workspaces: [acme.own.workspace.id, acme.foreign.workspace.id] });
    expect(await placementIn(id, acme.own)).toBe(placement);
    expect(await read()).toBe(value);
    const states = await asOwner(db.ownerUrl, "select valid_to is null as open from secret_state where secret_id = $1 order by valid_from", [placement]);
    expect(states).toEqual([{ open: false }, { open: true }]);
    expect((await trail(placement)).map((entry) => entry.action)).toEqual([
      "secret.placed",
      "secret.bound",
      "secret.taken-away",
      "secret.unbound",
      "secret.placed",
      "secret.bound",
      "secret.read",
    ]);
    expect((await trail(placement)).every((entry) => entry.workspace_id === acme.own.workspace.id)).toBe(true);
  });

  it("are all of them where it says so, also one that is made later, and none that is gone", async () => {
    const { id, name } = await make({ everywhere: true });
    expect(new Set((await placements(id)).map((one) => one.workspace_id))).toEqual(new Set([acme.own.workspace.id, acme.foreign.workspace.id]));
    const seq = await lastSeq(db.ownerUrl);
    const later = await execute(createWorkspace, admin(), { name: `later-${++count}` });
    expect((await placements(id)).map((one) => one.workspace_id)).toContain(later.id);
    const entries = await asOwner(db.ownerUrl, "select action, workspace_id, target_name from audit_entry where seq > $1 and action = 'secret.placed'", [seq]);
    expect(entries).toContainEqual({ action: "secret.placed", workspace_id: later.id, target_name: name });
    await expect(make({ workspaces: [{ ...acme.own, workspace: { ...acme.own.workspace, id: newId() } }] })).rejects.toMatchObject({ code: "invalid_input" });
    await execute(updateIntegration, admin(), { id, everywhere: false, workspaces: [] });
    expect((await placements(id)).filter((one) => one.open)).toEqual([]);
  });
});

describe("its values", () => {
  it("change everywhere in one moment: a bound run reads the new ones, and an earlier version comes back the same way", async () => {
    const { id, read, value, placement } = await bound();
    await execute(rotateIntegration, admin(), { id, patch: { token: "a newer value", more: "x" } });
    expect(await read()).toBe("a newer value");
    expect(await placements(id)).toMatchObject([{ version: 2 }]);
    expect((await ask(getSecretPage, inOwn(), { id: placement })).keys.sort()).toEqual(["more", "token"]);
    await execute(restoreIntegrationVersion, admin(), { id, version: 1 });
    expect(await read()).toBe(value);
    const uses = await ask(listIntegrationUses, admin(), { id, conditions: [], sort: { field: "at", direction: "desc" } });
    expect(uses.rows.map((row) => [row.version, row.purpose, row.workspace, row.exactness])).toEqual([
      [3, "run", acme.own.workspace.slug, "exact"],
      [2, "run", acme.own.workspace.slug, "exact"],
    ]);
    expect((await trail(placement)).filter((entry) => entry.action === "secret.updated")).toHaveLength(2);
  });

  it("of a version that was destroyed are gone, and the one that holds stays", async () => {
    const { id, name, read } = await bound();
    await expect(execute(destroyIntegrationVersion, admin(), { id, version: 1, typedName: name })).rejects.toMatchObject({ code: "conflict" });
    await execute(rotateIntegration, admin(), { id, patch: { token: "a newer value" } });
    await execute(destroyIntegrationVersion, admin(), { id, version: 1, typedName: name });
    await expect(execute(restoreIntegrationVersion, admin(), { id, version: 1 })).rejects.toMatchObject({ reason: "version_destroyed" });
    expect(await read()).toBe("a newer value");
  });

  it("that stay go to no other address, as nobody who changes them may read them", async () => {
    const values = { address: "https://a.example.com", api_key: "k-123456789" };
    const id = await execute(createIntegration, admin(), {
      name: `lake-${++count}`,
      kind: "postgresql",
      values: { host: "a.example.com", user: "u", password: "p-123456", database: "d" },
      workspaces: [acme.own.workspace.id],
    });
    await expect(execute(rotateIntegration, admin(), { id, patch: { host: "b.example.com" } })).rejects.toMatchObject({ code: "forbidden" });
    await expect(execute(createIntegration, admin(), { name: `x-${++count}`, kind: "postgresql", values })).rejects.toMatchObject({ code: "invalid_input" });
  });

  it("are hidden in logs of every workspace that has it or had it, in all versions", async () => {
    const { id, value } = await make({ values: { token: "first-organization-value" } });
    await execute(rotateIntegration, admin(), { id, patch: { token: "second-organization-value" } });
    const text = `took ${value} then second-organization-value`;
    const redacted = ({ workspace }: TestPlace) => inScope([workspace.id], async (tx) => (await redactorOf(tx, workspace.id)).redact(text));
    expect(await redacted(acme.own)).not.toMatch(/organization-value/);
    expect(await redacted(acme.foreign)).toBe(text);
    await execute(updateIntegration, admin(), { id, workspaces: [] });
    expect(await redacted(acme.own)).not.toMatch(/organization-value/);
  });

  it("don't open when the row of another secret, version or place stands there (SEC-2, SEC-3)", async () => {
    const [one, other] = [await bound(), await bound()];
    const swap = (from: string, to: string) =>
      asOwner(
        db.ownerUrl,
        `update organization_secret_version t set sealed = s.sealed, wrapped_key = s.wrapped_key, master_key_id = s.master_key_id
         from organization_secret_version s where s.secret_id = $1 and t.secret_id = $2`,
        [from, to],
      );
    await swap(other.id, one.id);
    await expect(one.read()).rejects.toMatchObject({ code: "internal" });
    const own = await execute(createSecret, inOwn(), { name: `own-${++count}`, isPrivate: false, values: { token: "the workspace's" } });
    await asOwner(
      db.ownerUrl,
      `update organization_secret_version t set sealed = s.sealed, wrapped_key = s.wrapped_key, master_key_id = s.master_key_id
       from secret_version s where s.secret_id = $1 and t.secret_id = $2`,
      [own, one.id],
    );
    await expect(one.read()).rejects.toMatchObject({ code: "internal" });
    expect(await other.read()).toBe(other.value);
  });
});

describe("deleting", () => {
  it("takes it out of every workspace, and bringing it back gives it to those that had it, bound as before", async () => {
    const { id, name, read, value } = await bound({ workspaces: [acme.own, acme.foreign] });
    await execute(updateIntegration, admin(), { id, workspaces: [acme.own.workspace.id] });
    await expect(execute(deleteIntegration, admin(), { id, typedName: "another" })).rejects.toMatchObject({ code: "invalid_input" });
    await execute(deleteIntegration, admin(), { id, typedName: name });
    await expect(read()).rejects.toMatchObject({ code: "not_found" });
    const taken = await make({ name });
    await expect(execute(undeleteIntegration, admin(), { id })).rejects.toMatchObject({ code: "conflict" });
    await execute(deleteIntegration, admin(), { id: taken.id, typedName: name });
    await execute(undeleteIntegration, admin(), { id });
    expect(await read()).toBe(value);
    expect((await placements(id)).map((one) => [one.workspace_id, one.open])).toEqual([
      [acme.own.workspace.id, true],
      [acme.foreign.workspace.id, false],
    ]);
  });
});

describe("who reads of it", () => {
  it("System Admin and Auditor all of it, a Workspace Admin what is in their workspace, others nothing; nobody but a System Admin changes it", async () => {
    const { id, read } = await bound({ workspaces: [acme.own, acme.foreign] });
    await read();
    const asked = (role: keyof TestOrganization["people"]) => callAs(acme.people[role]);
    for (const role of ["system-admin", "auditor"] as const) {
      const page = await ask(getIntegration, asked(role), { id });
      expect([page.workspaces.length, page.seesAll, page.uses]).toEqual([2, true, 1]);
    }
    const page = await ask(getIntegration, asked("workspace-admin"), { id });
    expect([page.workspaces.map((one) => one.slug), page.seesAll, page.uses]).toEqual([[acme.own.workspace.slug], false, 1]);
    expect(await ask(listIntegrationBindings, asked("workspace-admin"), { id })).toMatchObject([{ kind: "stack", workspace: acme.own.workspace.slug }]);
    expect((await ask(listIntegrations, asked("workspace-admin"), list)).rows.find((row) => row.id === id)).toMatchObject({ workspaces: 1, bound: 1 });
    for (const role of ["contributor", "viewer", "member"] as const) {
      await expect(ask(getIntegration, asked(role), { id })).rejects.toMatchObject({ code: "not_found" });
      expect((await ask(listIntegrations, asked(role), list)).rows).toEqual([]);
    }
    for (const role of ["auditor", "workspace-admin", "contributor"] as const)
      await expect(execute(rotateIntegration, asked(role), { id, patch: { token: "mine" } })).rejects.toMatchObject({ code: /forbidden|not_found/ });
  });
});
