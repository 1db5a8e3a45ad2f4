import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { createProject } from "@/lib/projects/create-project";
import { deleteProject } from "@/lib/projects/delete-project";
import { bindSecret } from "./bind-secret";
import { listCreatePlaces } from "./create-places";
import { createSecret } from "./create-secret";
import { deleteSecret, undeleteSecret } from "./delete-secret";
import { findSecretForUse } from "./find-secret";
import { getSecretPage } from "./get-secret-page";
import { listLedgerRuns } from "./list-ledger-runs";
import { listSecretRows } from "./list-secret-rows";
import { listSecrets } from "./queries";
import { tryNewValues } from "./test-secret";
import { updateSecret } from "./update-secret";
import { readSecretByClient } from "./use-secret";

// Secrets of a project: who knows of them, which runs get them, and which one a name means.

const db = useTestDatabase();
let acme: TestOrganization;
let count = 0;
let other: { id: string; name: string };
const [stack, pipelines] = [newId(), { default: newId(), other: newId() }];

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  await execute(createProject, as("workspace-admin"), { name: "other" });
  const [row] = await asOwner<{ id: string }>(db.ownerUrl, "select id from project where name = 'other' and workspace_id = $1", [acme.own.workspace.id]);
  other = { id: row?.id ?? "", name: "other" };
  await asOwner(db.ownerUrl, "insert into stack (id, workspace_id, name) values ($1, $2, 's')", [stack, acme.own.workspace.id]);
});

const as = (role: keyof TestOrganization["people"]) => callAs(acme.people[role], acme.own.workspace);
type Made = { name?: string; project?: string; isPrivate?: boolean };
const make = ({ name = `p-${++count}`, project, isPrivate = false }: Made = {}) =>
  execute(createSecret, as("workspace-admin"), { name, project, isPrivate, values: { a: project ?? (isPrivate ? "private" : "workspace") } });

/** A run in the project on the stack that everything is bound to, as its own token calls. */
async function tokenIn(project: { id: string; name: string }, postedBy: keyof TestOrganization["people"] = "workspace-admin") {
  const place = [acme.own.workspace.id, project.id];
  const pipeline = project.name === "other" ? pipelines.other : pipelines.default;
  const [snapshot, run] = [newId(), newId()];
  await asOwner(db.ownerUrl, "insert into pipeline (id, workspace_id, project_id, name) values ($1, $2, $3, 'p') on conflict do nothing", [pipeline, ...place]);
  await asOwner(
    db.ownerUrl,
    "insert into snapshot (id, workspace_id, project_id, pipeline_id, run_name_template, pipeline_configuration_sha256, client_environment_sha256) values ($1, $2, $3, $4, 'x', '\\x00', '\\x00')",
    [snapshot, ...place, pipeline],
  );
  await asOwner(
    db.ownerUrl,
    `insert into run (id, workspace_id, project_id, pipeline_id, snapshot_id, stack_id, name, number, index, status, in_progress, origin, credential_kind, request_id, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $8, 'running', true, 'api', 'api_key', 'r', $9)`,
    [run, ...place, pipeline, snapshot, stack, `run-${++count}`, count, acme.people[postedBy].id],
  );
  const workload = { runId: run, projectId: project.id, workspaceId: acme.own.workspace.id };
  const actor = { ...acme.people["workspace-admin"], credential: { kind: "workload" as const, id: run, label: "run" }, workload };
  return { run, call: callAs(actor, acme.own.workspace) };
}
const bind = (id: string) => execute(bindSecret, as("workspace-admin"), { id, kind: "stack", targetId: stack });
const named = (name: string) => ({
  conditions: [{ field: "name", op: "equals" as const, value: name }],
  logic: "and" as const,
  sort: { field: "created", direction: "asc" as const },
  limit: 50,
  offset: 0,
});

describe("a project's secret", () => {
  it("is known where the project is, and to nobody who has another project alone", async () => {
    const id = await make({ project: "other" });
    expect(await ask(getSecretPage, as("viewer"), { id })).toMatchObject({ scope: "project", project: "other" });
    const [inside, outside] = [await makePerson(acme.id, "member", acme.own.workspace.id), await makePerson(acme.id, "member", acme.own.workspace.id)];
    for (const [person, project] of [
      [inside, other.id],
      [outside, acme.own.projectId],
    ] as const)
      await asOwner(
        db.ownerUrl,
        "insert into role_grant (id, organization_id, principal_id, role, scope_kind, workspace_ref, project_ref, source) values ($1, $2, $3, 'viewer', 'project', $4, $5, 'person')",
        [newId(), acme.id, person.id, acme.own.workspace.id, project],
      );
    const fresh = async (person: typeof inside) => {
      const actor = await inScope([], (tx) => loadActor(tx, person.id, person.credential));
      return callAs(actor as typeof inside, acme.own.workspace);
    };
    expect((await ask(getSecretPage, await fresh(inside), { id })).id).toBe(id);
    await expect(ask(getSecretPage, await fresh(outside), { id })).rejects.toMatchObject({ code: "not_found" });
    const rows = async (person: typeof inside) =>
      (await ask(listSecretRows, await fresh(person), { conditions: [], sort: { field: "name", direction: "asc" } })).rows.map((row) => row.id);
    expect(await rows(inside)).toContain(id);
    expect(await rows(outside)).not.toContain(id);
  });

  it("is made by who holds a role in that project alone: the page offers what the command allows, and no more", async () => {
    const inside = await makePerson(acme.id, "member", acme.own.workspace.id);
    const grant = (role: string) =>
      asOwner(
        db.ownerUrl,
        "insert into role_grant (id, organization_id, principal_id, role, scope_kind, workspace_ref, project_ref, source) values ($1, $2, $3, $4, 'project', $5, $6, 'person')",
        [newId(), acme.id, inside.id, role, acme.own.workspace.id, other.id],
      );
    const call = async () => {
      const actor = await inScope([], (tx) => loadActor(tx, inside.id, inside.credential));
      return callAs(actor as typeof inside, acme.own.workspace);
    };
    await grant("viewer");
    expect(await ask(listCreatePlaces, await call(), {})).toEqual({ workspace: false, projects: [] });
    await grant("contributor");
    expect(await ask(listCreatePlaces, await call(), {})).toEqual({ workspace: false, projects: ["other"] });
    const wish = { name: `p-${++count}`, isPrivate: false, values: { a: "1" } };
    const id = await execute(createSecret, await call(), { ...wish, project: "other" });
    expect(await ask(getSecretPage, await call(), { id })).toMatchObject({ scope: "project", project: "other" });
    for (const refused of [{}, { isPrivate: true }, { project: "default" }])
      await expect(execute(createSecret, await call(), { ...wish, ...refused }), JSON.stringify(refused)).rejects.toMatchObject({
        code: expect.stringMatching(/forbidden|not_found/),
      });
    const trial = { kind: "postgresql", values: { host: "127.0.0.1", port: "1", database: "d", user: "u", password: "p" } };
    await expect(execute(tryNewValues, await call(), trial)).rejects.toMatchObject({ code: "forbidden" });
    expect(await execute(tryNewValues, await call(), { ...trial, project: "other" })).toMatchObject({ kind: "postgresql" });
    const all = await ask(listCreatePlaces, as("contributor"), {});
    expect([all.workspace, all.projects]).toEqual([true, expect.arrayContaining(["default", "other"])]);
  });

  it("is read by runs of that project alone, whatever it is bound to, and the ledger says so", async () => {
    const id = await make({ project: "other" });
    await bind(id);
    const [mine, theirs] = [await tokenIn(other), await tokenIn({ id: acme.own.projectId, name: "default" })];
    expect((await execute(readSecretByClient, mine.call, { id })).values).toEqual({ a: "other" });
    await expect(execute(readSecretByClient, theirs.call, { id })).rejects.toMatchObject({ code: expect.stringMatching(/not_found|forbidden/) });
    const asked = { id, from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date(Date.now() + 60_000).toISOString(), which: "could" };
    expect((await ask(listLedgerRuns, as("workspace-admin"), asked)).runs.map((run) => run.id)).toEqual([mine.run]);
  });

  it("is not bound to another project's pipeline, made private, nor brought back when its project is gone", async () => {
    const id = await make({ project: "other" });
    await tokenIn({ id: acme.own.projectId, name: "default" });
    const foreign = { id, kind: "pipeline", targetId: pipelines.default };
    await expect(execute(bindSecret, as("workspace-admin"), foreign)).rejects.toMatchObject({ code: "invalid_input" });
    await expect(execute(updateSecret, as("workspace-admin"), { id, isPrivate: true })).rejects.toMatchObject({ code: "invalid_input" });
    await expect(make({ project: "other", isPrivate: true })).rejects.toMatchObject({ code: "invalid_input" });
    await execute(createProject, as("workspace-admin"), { name: "brief" });
    const brief = await make({ project: "brief" });
    await expect(execute(deleteProject, as("workspace-admin"), { project: "brief" })).rejects.toMatchObject({ code: "in_use" });
    await execute(deleteSecret, as("workspace-admin"), { id: brief });
    await execute(deleteProject, as("workspace-admin"), { project: "brief" });
    await expect(execute(undeleteSecret, as("workspace-admin"), { id: brief })).rejects.toMatchObject({ code: "conflict" });
  });
});

it("a private secret is read by its owner's runs alone, whoever asked for another's token: the ledger counts on it", async () => {
  const id = await make({ isPrivate: true });
  await bind(id);
  const here = { id: acme.own.projectId, name: "default" };
  const [mine, theirs] = [await tokenIn(here), await tokenIn(here, "contributor")];
  expect((await execute(readSecretByClient, mine.call, { id })).values).toEqual({ a: "private" });
  await expect(execute(readSecretByClient, theirs.call, { id })).rejects.toMatchObject({ code: "forbidden", reason: "not_bound" });
  const asked = { id, from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date(Date.now() + 60_000).toISOString() };
  for (const which of ["could", "did"]) {
    const named = (await ask(listLedgerRuns, as("workspace-admin"), { ...asked, which })).runs.map((run) => run.id);
    expect([named.includes(mine.run), named.includes(theirs.run)], which).toEqual([true, false]);
  }
});

describe("a name", () => {
  it("is used once in each scope, and means the private one, the project's, the workspace's, in this order", async () => {
    const name = `same-${++count}`;
    const ids = { workspace: await make({ name }), project: await make({ name, project: "other" }), private: await make({ name, isPrivate: true }) };
    await expect(make({ name, project: "other" })).rejects.toMatchObject({ code: "conflict" });
    const find = (projectId: string | null, by: "workspace-admin" | "contributor" = "workspace-admin") =>
      inScope([acme.own.workspace.id], (tx) => findSecretForUse(tx, acme.people[by], acme.own.workspace.id, name, projectId)).then((found) => found?.id);
    expect(await find(other.id)).toBe(ids.private);
    expect(await find(other.id, "contributor")).toBe(ids.project);
    expect(await find(null, "contributor")).toBe(ids.workspace);
    expect(await find(acme.own.projectId, "contributor")).toBe(ids.workspace);
  });

  it("is one secret to a client: to a run its project's, to a person the workspace's before any project's", async () => {
    const name = `one-${++count}`;
    const ids = { workspace: await make({ name }), project: await make({ name, project: "other" }) };
    for (const id of Object.values(ids)) await bind(id);
    const found = async (call: ReturnType<typeof as>) => (await ask(listSecrets, call, { spec: named(name), always: [] })).items.map((item) => item.id);
    expect(await found((await tokenIn(other)).call)).toEqual([ids.project]);
    expect(await found((await tokenIn({ id: acme.own.projectId, name: "default" })).call)).toEqual([ids.workspace]);
    expect(await found(as("contributor"))).toEqual([ids.workspace]);
    const alone = `alone-${++count}`;
    const id = await make({ name: alone, project: "other" });
    expect((await ask(listSecrets, as("contributor"), { spec: named(alone), always: [] })).items.map((item) => item.id)).toEqual([id]);
  });
});
