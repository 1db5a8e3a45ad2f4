import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addServiceAccounts, openReeve, rows, type Wire, wireOf, type ZenmlClient, zenmlClient } from "./zenml/client";

// How the unmodified client logs in, and what it shows when Reeve refuses.

let reeve: Awaited<ReturnType<typeof openReeve>>;
let folder: string;
let url: string;
let looking: string;
let viewer: ZenmlClient;
let ci: Wire;
let churn: Wire;

beforeAll(async () => {
  reeve = await openReeve();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-zenml-"));
  url = `${reeve.url}/fraud-detection`;
  looking = addServiceAccounts(reeve, [{ name: "looking", workspace: "fraud-detection", role: "viewer" }]).looking ?? "";
  viewer = zenmlClient(path.join(folder, "viewer"), { url, key: looking });
  ci = await wireOf(url, reeve.keys.ci);
  churn = await wireOf(`${reeve.url}/churn`, reeve.keys.churnCi);
});

afterAll(async () => {
  await reeve?.stop();
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
});

describe("logging in", () => {
  it("zenml login --api-key asks for the key on the terminal and keeps a token for the next command", async () => {
    const person = zenmlClient(path.join(folder, "person"), undefined, { LOGIN_KEY: looking });
    const login = await person.python("login.py", url);
    expect(login.code, login.output).toBe(0);
    expect(login.output).not.toContain(looking.slice(7, 60));
    const stacks = await person.zenml("stack", "list");
    expect(stacks.code, stacks.output).toBe(0);
    expect(stacks.output).toContain("default");
  });

  it("a key that is not ours, a changed one, and one of another workspace don't get in", async () => {
    const stranger = (key: string) => zenmlClient(fs.mkdtempSync(path.join(folder, "stranger-")), { url, key }).zenml("stack", "list");
    const { id, key: secret } = JSON.parse(Buffer.from(reeve.keys.ci.slice("ZENKEY_".length), "base64").toString()) as { id: string; key: string };
    const other = secret.slice(0, 56).replace(/^./, (digit) => (digit === "0" ? "1" : "0"));
    const wrong = { id, key: `${other}${crc32(other).toString(16).padStart(8, "0")}` };
    const changed = `ZENKEY_${Buffer.from(JSON.stringify(wrong)).toString("base64")}`;
    for (const key of [changed, reeve.keys.churnCi]) {
      const { code, output } = await stranger(key);
      expect(code, output).not.toBe(0);
      expect(output).not.toContain(key.slice(7, 60));
    }
  });

  it("reads a credential only from Authorization: Bearer", async () => {
    const at = (headers: Record<string, string>, query = "") => fetch(`${url}/api/v1/current-user${query}`, { headers });
    expect((await at({})).status).toBe(401);
    expect((await at({})).headers.get("www-authenticate")).toBe("Bearer");
    expect((await at({ authorization: `Basic ${Buffer.from(`ci:${reeve.keys.ci}`).toString("base64")}` })).status).toBe(400);
    expect((await at({}, `?token=${encodeURIComponent(reeve.keys.ci)}`)).status).toBe(400);
    expect((await at({ cookie: `zenml-server=${reeve.keys.ci}` })).status).toBe(401);
  });
});

describe("refusals", () => {
  it("a viewer reads, and is told which permission a run would need", async () => {
    const stacks = await viewer.zenml("stack", "list");
    expect(stacks.code, stacks.output).toBe(0);
    const { code, output } = await viewer.python("pl.py", "main");
    expect(code).not.toBe(0);
    expect(output).toContain("IllegalOperationError");
    expect(output.replace(/\s+/g, " ")).toMatch(/This needs the permission (run|pipeline):create/);
    const denials = await rows(reeve, "select action, outcome from audit_entry where actor_name = 'looking' and outcome = 'denied' order by seq");
    expect(denials.length).toBeGreaterThan(0);
    expect(await rows(reeve, "select count(*)::int as rows from run r join principal p on p.id = r.created_by where p.name = 'looking'")).toEqual([
      { rows: 0 },
    ]);
  });

  it("names the missing permission of each write, and leaves one denied entry", async () => {
    const look = await wireOf(url, looking);
    const [project] = await rows<{ id: string }>(
      reeve,
      "select p.id from project p join workspace w on w.id = p.workspace_id where w.slug = 'fraud-detection'",
    );
    const calls: [string, string, unknown, string][] = [
      ["POST", "/tags", { name: "mine" }, "tag:create"],
      ["POST", "/models", { project: project?.id, name: "mine" }, "model:create"],
      ["POST", "/pipelines", { project: project?.id, name: "mine" }, "pipeline:create"],
      ["POST", "/logs", { project: project?.id, id: crypto.randomUUID(), source: "client" }, "run:create"],
    ];
    for (const [method, at, body, permission] of calls) {
      const [before] = await rows<{ count: number }>(reeve, "select count(*)::int as count from audit_entry where outcome = 'denied'");
      const answer = await look(method, at, body);
      expect(answer).toMatchObject({ status: 403, body: { detail: ["IllegalOperationError", expect.stringContaining(permission)] } });
      const [after] = await rows<{ count: number }>(reeve, "select count(*)::int as count from audit_entry where outcome = 'denied'");
      expect((after?.count ?? 0) - (before?.count ?? 0)).toBe(1);
    }
  });

  it("what belongs to somebody else of the workspace is read, not changed", async () => {
    const other = await wireOf(url, addServiceAccounts(reeve, [{ name: "other", workspace: "fraud-detection", role: "contributor" }]).other ?? "");
    const { tag, model, version } = await things(ci, "fraud-detection", "owned");
    expect(await other("GET", `/models/${model}`)).toMatchObject({ status: 200 });
    expect(await other("PUT", `/tags/${tag}`, { color: "blue" })).toMatchObject({
      status: 403,
      body: { detail: ["IllegalOperationError", expect.stringContaining("tag:update")] },
    });
    expect(await other("PUT", `/models/${model}`, { description: "theirs" })).toMatchObject({ status: 403 });
    expect(await other("PUT", `/artifact_versions/${version}`, { add_tags: ["theirs"] })).toMatchObject({ status: 403 });
    expect(await other("DELETE", `/artifact_versions/${version}`)).toMatchObject({ status: 403 });
    expect(await ci("PUT", `/tags/${tag}`, { color: "blue" })).toMatchObject({ status: 200 });
  });

  it("the ids of another workspace are unknown, by every way", async () => {
    const { project, tag, model, modelVersion, artifact, version, log } = await things(ci, "fraud-detection", "foreign");
    const theirs = await things(churn, "churn", "own");
    const unknown = { status: 404, body: { detail: ["KeyError", expect.any(String)] } };
    for (const at of [
      `/projects/${project}`,
      `/tags/${tag}`,
      `/models/${model}`,
      `/model_versions/${modelVersion}`,
      `/artifacts/${artifact}`,
      `/artifact_versions/${version}`,
      `/logs/${log}`,
      `/stacks/${(await rows<{ id: string }>(reeve, "select s.id from stack s join workspace w on w.id = s.workspace_id where w.slug = 'fraud-detection'"))[0]?.id}`,
    ])
      expect(await churn("GET", at), at).toMatchObject(unknown);
    const metadata = (id: string, type: string, project_id: string) => ({
      project: project_id,
      resources: [{ id, type }],
      values: { a: 1 },
      types: { a: "int" },
    });
    const writes: [string, string, unknown][] = [
      ["PUT", `/tags/${tag}`, { color: "blue" }],
      ["PUT", `/models/${model}`, { description: "x" }],
      ["PUT", `/model_versions/${modelVersion}`, { description: "x" }],
      ["PUT", `/artifact_versions/${version}`, { add_tags: ["x"] }],
      ["DELETE", `/artifact_versions/${version}`, undefined],
      ["PUT", `/logs/${log}`, { pipeline_run_id: crypto.randomUUID() }],
      ["POST", "/models", { project, name: "x" }],
      ["POST", "/model_versions", { project: theirs.project, model }],
      ["POST", "/run-metadata", metadata(version, "artifact_version", theirs.project)],
      ["POST", "/run-metadata", metadata(modelVersion, "model_version", project)],
      ["POST", "/model_version_artifacts", { model_version: theirs.modelVersion, artifact_version: version }],
      ["POST", "/model_version_artifacts", { model_version: modelVersion, artifact_version: theirs.version }],
      ["POST", "/tag_resources", { tag_id: tag, resource_id: theirs.version, resource_type: "artifact_version" }],
      ["POST", "/tag_resources", { tag_id: theirs.tag, resource_id: version, resource_type: "artifact_version" }],
    ];
    for (const [method, at, body] of writes) expect(await churn(method, at, body), `${method} ${at} ${JSON.stringify(body)}`).toMatchObject(unknown);
    for (const at of ["/tags?name=foreign", `/models?name=foreign`, `/artifact_versions?artifact=foreign`, `/artifacts?project=${project}`])
      expect(await churn("GET", at), at).toMatchObject({ status: 200, body: { total: 0 } });
    // A key of one workspace does not open another.
    expect((await fetch(`${url}/api/v1/current-user`, { headers: { authorization: `Bearer ${reeve.keys.churnCi}` } })).status).toBeGreaterThanOrEqual(400);
  });
});

/** One of each thing, made by a contributor of the workspace. */
async function things(wire: Wire, workspace: string, name: string) {
  const made = async (at: string, body: unknown) => {
    const answer = await wire("POST", at, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return answer.body as { id: string; body: { artifact: { id: string } } };
  };
  const [row] = await rows<{ id: string }>(reeve, "select p.id from project p join workspace w on w.id = p.workspace_id where w.slug = $1", [workspace]);
  const project = row?.id ?? "";
  const tag = await made("/tags", { name });
  const model = await made("/models", { project, name });
  const modelVersion = await made("/model_versions", { project, model: model.id });
  const source = { module: "builtins", attribute: "int", type: "builtin" };
  const version = await made("/artifact_versions", {
    project,
    artifact_name: name,
    type: "DataArtifact",
    uri: "/nowhere",
    materializer: source,
    data_type: source,
    save_type: "manual",
  });
  const log = await made("/logs", { project, id: crypto.randomUUID(), source: "client", uri: "/nowhere.log" });
  return { project, tag: tag.id, model: model.id, modelVersion: modelVersion.id, artifact: version.body.artifact.id, version: version.id, log: log.id };
}
