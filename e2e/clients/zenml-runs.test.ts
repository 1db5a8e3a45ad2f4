import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addServiceAccounts, openReeve, rows, type Wire, wireOf, type ZenmlClient, zenmlClient } from "./zenml/client";

// The unmodified zenml client runs pipelines against Reeve and reads them back. pl.py is the script whose every call was recorded
// against the server that the client was made for; what it prints here is what it printed there.

let reeve: Awaited<ReturnType<typeof openReeve>>;
let folder: string;
let url: string;
let keys: Record<string, string>;
let ci: ZenmlClient;
let wire: Wire;

beforeAll(async () => {
  reeve = await openReeve();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-zenml-"));
  url = `${reeve.url}/fraud-detection`;
  keys = addServiceAccounts(reeve, [
    { name: "ci-two", workspace: "fraud-detection", role: "contributor" },
    { name: "releases", workspace: "fraud-detection", role: "workspace-admin" },
  ]);
  ci = zenmlClient(path.join(folder, "ci"), { url, key: reeve.keys.ci });
  wire = await wireOf(url, reeve.keys.ci);
});

afterAll(async () => {
  await reeve?.stop();
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
});

type Run = { id: string; name: string; status: string; number: number; index: number; in_progress: boolean; end_time: Date | null; version: number | null };
const runsOf = (pipeline: string) =>
  rows<Run>(
    reeve,
    `select r.id, r.name, r.status, r.number::int, r.index::int, r.in_progress, r.end_time, v.number as version
     from run r join pipeline p on p.id = r.pipeline_id left join model_version v on v.id = r.model_version_id where p.name = $1 order by r.number`,
    [pipeline],
  );
const stepsOf = (runId: string) =>
  rows<{ name: string; status: string }>(reeve, "select name, status from step_run where run_id = $1 order by created_at", [runId]);
const countOf = async (table: string) => (await rows<{ count: number }>(reeve, `select count(*)::int as count from ${table}`))[0]?.count;

describe("pl.py", () => {
  it("main: three steps with artifacts, metadata and a model", async () => {
    const { code, output } = await ci.python("pl.py", "main");
    expect(output).toContain("Registered new pipeline: `wire_pipeline`.");
    expect(output).toContain("Pipeline run has finished");
    expect(code).toBe(0);
    const [run] = await runsOf("wire_pipeline");
    expect(run).toMatchObject({ status: "completed", number: 1, index: 1, in_progress: false, version: 1 });
    expect(run?.end_time).not.toBeNull();
    expect(output).toContain(`Dashboard URL for Pipeline Run: ${url}/projects/default/runs/${run?.id}`);
    expect(await stepsOf(run?.id ?? "")).toEqual(["load", "train", "evaluate"].map((name) => ({ name, status: "completed" })));
    const artifacts = await rows(
      reeve,
      "select a.name, v.version, v.save_type from artifact_version v join artifact a on a.id = v.artifact_id order by v.created_at, v.id",
    );
    expect(artifacts.map((row) => `${row.name} ${row.version} ${row.save_type}`)).toEqual([
      "xs 1 step_output",
      "ys 1 step_output",
      "linear 1 step_output",
      "report 1 manual",
      "mse 1 step_output",
    ]);
    // Numbers keep their spelling: what Python sent as 2.0 is not 2.
    const metadata = await rows(reeve, "select resource_type, key, value, type from metadata_entry where key in ('lr', 'slope', 'mse', 'kind') order by key");
    expect(metadata).toEqual([
      { resource_type: "artifact_version", key: "kind", value: '"ols"', type: "str" },
      { resource_type: "step_run", key: "lr", value: "0.1", type: "float" },
      { resource_type: "model_version", key: "mse", value: "0.0", type: "float" },
      { resource_type: "step_run", key: "slope", value: "2.0", type: "float" },
    ]);
    const entries = await rows(reeve, "select action, actor_name, outcome from audit_entry where actor_name = 'ci' order by seq");
    expect(entries.map((entry) => entry.action)).toEqual(
      expect.arrayContaining(["pipeline.created", "run.started", "model.created", "model-version.created", "artifact-version.created", "run.ended"]),
    );
    expect(entries.filter((entry) => entry.outcome !== "allowed")).toEqual([]);
  });

  it("params: other parameters under a name of one's own", async () => {
    expect((await ci.python("pl.py", "params")).code).toBe(0);
    const run = (await runsOf("wire_pipeline"))[1];
    expect(run).toMatchObject({ status: "completed", number: 2, index: 2, version: 2 });
    expect(run?.name).toMatch(/^wire-params-\d+$/);
  });

  it("cached, twice: every step comes from an earlier run and nothing is made anew", async () => {
    const versions = await countOf("artifact_version");
    for (const index of [1, 2]) {
      const { code, output } = await ci.python("pl.py", "cached");
      expect(code).toBe(0);
      expect(output).toContain("All steps of the pipeline run were cached.");
      const run = (await runsOf("wire_cached"))[index - 1];
      expect(run).toMatchObject({ status: "completed", index, in_progress: false, version: index + 2 });
      expect((await stepsOf(run?.id ?? "")).map((step) => step.status)).toEqual(["cached", "cached", "cached"]);
    }
    expect(await countOf("artifact_version")).toBe(versions);
  });

  it("fail: the run and its step fail, with the traceback", async () => {
    const { code, output } = await ci.python("pl.py", "fail");
    expect(output).toContain("failed as meant");
    expect(code).toBe(0);
    const [run] = await runsOf("wire_fail");
    expect(run).toMatchObject({ status: "failed", in_progress: false });
    expect(await stepsOf(run?.id ?? "")).toEqual([
      { name: "load", status: "completed" },
      { name: "boom", status: "failed" },
    ]);
    const [step] = await rows<{ exception_info: { traceback: string } }>(reeve, "select exception_info from step_run where run_id = $1 and name = 'boom'", [
      run?.id,
    ]);
    expect(step?.exception_info.traceback).toContain("ValueError: deliberate failure");
  });

  it("client: reads, promotes and tags, as the one who may", async () => {
    const admin = zenmlClient(ci.home, { url, key: keys.releases ?? "" });
    const { code, output } = await admin.python("pl.py", "client");
    expect(code, output).toBe(0);
    const [run] = (await runsOf("wire_pipeline")).slice(-1);
    const lines = output.split("\n");
    expect(lines.find((line) => line.startsWith(`${run?.name} completed`))).toContain("['evaluate', 'load', 'train'] {}");
    expect(lines).toContain("load completed {'xs': ['2'], 'ys': ['2']} {}");
    expect(lines).toContain("train completed {'linear': ['2']} {'lr': 0.2, 'slope': 2.0}");
    expect(lines).toContain("evaluate completed {'mse': ['2'], 'report': ['2']} {}");
    expect(lines).toContain("{'a': 1.0, 'b': 2.0}");
    expect(lines).toContain("4 None {} False");
    expect(lines).toContain("4");
    expect(lines.find((line) => line.startsWith("2 /"))).toMatch(/\{'kind': 'ols', 'length': 2, 'storage_size': 20\} \['fit'\]$/);
    expect(lines).toContain("1");
    const stages = await rows(reeve, "select v.number, i.stage, i.valid_to from model_stage_interval i join model_version v on v.id = i.model_version_id");
    expect(stages).toEqual([{ number: 4, stage: "production", valid_to: null }]);
  });

  it("adhoc: metadata on a run that is over, a tag, a changed model", async () => {
    const { code, output } = await ci.python("pl.py", "adhoc");
    expect(code, output).toBe(0);
    expect(output).toContain("'blue-tag'");
    expect(output.trimEnd().split("\n").slice(-2)).toEqual(["4", "2"]);
    expect(await rows(reeve, "select description from model")).toEqual([{ description: "changed" }]);
    expect(await rows(reeve, "select value from metadata_entry where key = 'note' and resource_type = 'pipeline_run'")).toEqual([{ value: '"after"' }]);
  });
});

describe("reading back", () => {
  it("filters, sorts and pages runs, artifacts and models", async () => {
    const { code, output } = await ci.python("reads.py");
    expect(code, output).toBe(0);
    const read = JSON.parse(output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1)) as Record<string, unknown>;
    const names = (await rows<{ name: string }>(reeve, "select name from run order by created_at desc")).map((row) => row.name);
    expect(read).toMatchObject({
      names: [...names].sort(),
      newest: names.slice(0, 2),
      older: names.slice(2, 4),
      total: 5,
      failed: ["wire_fail"],
      either: 2,
      oneof: 5,
      tagged: 2,
      tagged_both: 1,
      of_model: 4,
      in_2020: 0,
      steps: { load: {}, train: { lr: 0.1, slope: 2 }, evaluate: {} },
      config: { model: "wire-model", tags: ["demo", "wire"] },
      environment: true,
      artifact: { metadata: { storage_size: 20, length: 2, kind: "ols" }, producer: true, user: "ci" },
      versions: ["1", "2"],
      fit: 2,
      ols: 2,
      big: 2,
      unused: [],
      linked: 5,
      past_the_end: "ValueError",
      no_run: "KeyError",
      no_model: "KeyError",
      tag_twice: "EntityExistsError",
      stage_taken: "IllegalOperationError",
    });
    expect(read.model).toEqual([
      [1, expect.stringMatching(/none/i)],
      [2, expect.stringMatching(/none/i)],
      [3, expect.stringMatching(/none/i)],
      [4, "production"],
    ]);
  });

  it("shows them in the command line", async () => {
    const list = async (...args: string[]) => {
      const { code, output } = await ci.zenml("pipeline", "runs", "list", "--output", "json", ...args);
      expect(code, output).toBe(0);
      return (JSON.parse(output.slice(output.indexOf("{"))) as { items: { run_name: string }[] }).items.map((item) => item.run_name);
    };
    const names = (await rows<{ name: string }>(reeve, "select name from run where status = 'completed' order by name")).map((row) => row.name);
    expect(await list("--status", "completed", "--sort_by", "asc:name", "--size", "2", "--page", "1")).toEqual(names.slice(0, 2));
    expect(await list("--status", "completed", "--sort_by", "asc:name", "--size", "2", "--page", "2")).toEqual(names.slice(2, 4));
    const past = await ci.zenml("pipeline", "runs", "list", "--page", "99");
    expect(past.code).not.toBe(0);
    expect(past.output).toContain("Invalid page 99.");
  });

  it("refuses what the recorded server refused, in its form", async () => {
    expect(await wire("GET", "/runs?size=100000")).toMatchObject({ status: 422, body: ["ValueError", expect.any(String)] });
    expect(await wire("GET", "/runs?sort_by=nosuch")).toMatchObject({ status: 422, body: ["ValueError", expect.any(String)] });
    expect(await wire("GET", "/runs/not-a-uuid")).toMatchObject({ status: 422, body: ["ValueError", expect.any(String)] });
    expect(await wire("GET", "/runs?page=99&size=5")).toMatchObject({
      status: 400,
      body: { detail: ["ValueError", expect.stringContaining("Invalid page 99.")] },
    });
    expect(await wire("GET", "/runs/00000000-0000-0000-0000-000000000000")).toMatchObject({ status: 404, body: { detail: ["KeyError", expect.any(String)] } });
    expect(await wire("GET", "/projects/nowhere")).toMatchObject({ status: 404, body: { detail: ["KeyError", expect.any(String)] } });
    expect(await wire("GET", "/artifact_versions?run_metadata=nocolon")).toMatchObject({ status: 422 });
    expect(await wire("POST", "/tags", { name: 7 })).toMatchObject({ status: 422, body: ["ValueError", expect.stringContaining("name")] });
    for (const at of [
      "/users/%00",
      "/projects/%00",
      "/artifact_versions?run_metadata=%00:1",
      "/tags?name=%00",
      "/model_version_artifacts?only_data_artifacts=maybe",
    ])
      expect(await wire("GET", at), at).toMatchObject({ status: 422 });
    for (const at of ["/model_versions?number=0.5", "/model_versions?number=1e30", "/runs?index=99999999999"])
      expect(await wire("GET", at), at).toMatchObject({ status: 200, body: { total: 0 } });
    expect(await wire("GET", "/nosuch")).toMatchObject({ status: 404, body: { detail: "Not Found" } });
    expect(await wire("GET", "/triggers")).toMatchObject({ status: 501, body: { detail: ["NotImplementedError", expect.any(String)] } });
    expect(await wire("GET", "/runs?name=nosuchrun")).toMatchObject({ status: 200, body: { index: 1, max_size: 20, total_pages: 1, total: 0, items: [] } });
  });
});

describe("a question", () => {
  it("dynamic: the run waits for a person, and goes on with the answer", async () => {
    const running = ci.python("pl.py", "dynamic");
    type Question = { id: string; name: string; metadata: { question: string }; resources: { run: { id: string } } };
    const open = () => wire("GET", "/run_wait_conditions?status=pending&hydrate=True");
    await expect.poll(async () => ((await open()).body as { total: number }).total, { timeout: 60_000, interval: 500 }).toBe(1);
    const [question] = ((await open()).body as { items: Question[] }).items;
    expect(question).toMatchObject({ name: "approve", metadata: { question: "go on?" } });
    expect((await wire("PUT", `/run_wait_conditions/${question?.id}/resolve`, { resolution: "continue", result: "three" })).status).toBe(422);
    expect((await wire("PUT", `/run_wait_conditions/${question?.id}/resolve`, { resolution: "continue", result: 3 })).status).toBe(200);
    const { code, output } = await running;
    expect(output).toContain("answer 3");
    expect(code).toBe(0);
    const [run] = await runsOf("wire_dynamic");
    expect(run).toMatchObject({ id: question?.resources.run.id, status: "completed" });
    const entries = await rows(reeve, "select action from audit_entry where action like 'wait-condition.%' and outcome = 'allowed' order by seq");
    expect(entries.map((entry) => entry.action)).toEqual(["wait-condition.created", "wait-condition.resolved"]);
  });
});

describe("many at once", () => {
  it("two service accounts run 20 pipelines at the same time: no row is lost or doubled", async () => {
    const before = { runs: (await runsOf("wire_pipeline")).length, artifacts: 2, models: 4 };
    const swarm = (name: string, key: string) =>
      zenmlClient(path.join(folder, name), { url, key }).python("swarm.py", path.join(folder, name, "swarm"), "10", name);
    const results = await Promise.all([swarm("swarm-one", reeve.keys.ci), swarm("swarm-two", keys["ci-two"] ?? "")]);
    for (const { output } of results) expect(JSON.parse(output.slice(output.lastIndexOf('{"codes"')))).toEqual({ codes: Array(10).fill(0), failed: [] });

    const runs = (await runsOf("wire_pipeline")).slice(before.runs);
    expect(runs.map((run) => run.name).sort()).toEqual(
      ["swarm-one", "swarm-two"].flatMap((name) => Array.from({ length: 10 }, (_, number) => `${name}-${number}`)).sort(),
    );
    expect(runs.every((run) => run.status === "completed" && !run.in_progress && run.end_time !== null)).toBe(true);
    expect(runs.map((run) => run.index).sort((left, right) => left - right)).toEqual(Array.from({ length: 20 }, (_, index) => before.runs + index + 1));
    expect(runs.map((run) => run.version).sort((left, right) => Number(left) - Number(right))).toEqual(
      Array.from({ length: 20 }, (_, index) => before.models + index + 1),
    );

    const owners = await rows(
      reeve,
      "select p.name, count(*)::int as runs from run r join principal p on p.id = r.created_by where r.name like 'swarm-%' group by 1 order by 1",
    );
    expect(owners).toEqual([
      { name: "ci", runs: 10 },
      { name: "ci-two", runs: 10 },
    ]);
    const steps = await rows(
      reeve,
      `select s.name, s.status, s.version, count(distinct s.run_id)::int as runs, count(*)::int as rows, count(distinct o.artifact_version_id)::int as outputs
       from step_run s join run r on r.id = s.run_id left join step_run_output o on o.step_run_id = s.id where r.name like 'swarm-%' group by 1, 2, 3 order by 1`,
    );
    expect(steps).toEqual([
      { name: "evaluate", status: "completed", version: 1, runs: 20, rows: 40, outputs: 40 },
      { name: "load", status: "completed", version: 1, runs: 20, rows: 40, outputs: 40 },
      { name: "train", status: "completed", version: 1, runs: 20, rows: 20, outputs: 20 },
    ]);
    const versions = await rows<{ name: string; numbers: number[] }>(
      reeve,
      `select a.name, array_agg(v.version_number order by v.version_number) as numbers from artifact_version v join artifact a on a.id = v.artifact_id where a.name in ('linear', 'mse', 'report') group by 1 order by 1`,
    );
    const counted = Array.from({ length: 22 }, (_, index) => index + 1);
    expect(versions).toEqual(["linear", "mse", "report"].map((name) => ({ name, numbers: counted })));
    const [trail] = await rows<{ entries: number; last: number }>(reeve, "select count(*)::int as entries, max(seq)::int as last from audit_entry");
    expect(trail?.entries).toBe(trail?.last);
    const started = await rows(
      reeve,
      "select count(*)::int as count, count(distinct target_id)::int as runs from audit_entry where action = 'run.started' and target_name like 'swarm-%'",
    );
    expect(started).toEqual([{ count: 20, runs: 20 }]);
  });

  it("get-or-create: of many who make the same thing at once one makes it, the others are told", async () => {
    const [project] = await rows<{ id: string }>(
      reeve,
      "select p.id from project p join workspace w on w.id = p.workspace_id where w.slug = 'fraud-detection'",
    );
    const race = async (at: string, body: Record<string, unknown>) =>
      (await Promise.all(Array.from({ length: 12 }, () => wire("POST", at, body)))).map((answer) => answer.status).sort();
    const oneOf12 = [200, ...Array(11).fill(409)];
    expect(await race("/pipelines", { project: project?.id, name: "raced" })).toEqual(oneOf12);
    expect(await race("/models", { project: project?.id, name: "raced" })).toEqual(oneOf12);
    expect(await race("/tags", { name: "raced" })).toEqual(oneOf12);
    expect(
      await rows(
        reeve,
        "select (select count(*) from pipeline where name = 'raced')::int as pipelines, (select count(*) from model where name = 'raced')::int as models, (select count(*) from tag where name = 'raced')::int as tags",
      ),
    ).toEqual([{ pipelines: 1, models: 1, tags: 1 }]);

    const artifact = (more: Record<string, unknown>) => ({
      project: project?.id,
      artifact_name: "raced",
      type: "DataArtifact",
      uri: "/nowhere",
      materializer: { module: "m", attribute: "M", type: "user" },
      data_type: { module: "builtins", attribute: "int", type: "builtin" },
      save_type: "manual",
      ...more,
    });
    const numbered = await Promise.all(Array.from({ length: 12 }, () => wire("POST", "/artifact_versions", artifact({ tags: ["raced-too"] }))));
    expect(numbered.map((answer) => Number((answer.body as { body: { version: string } }).body.version)).sort((left, right) => left - right)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
    expect(await race("/artifact_versions", artifact({ version: "final" }))).toEqual(oneOf12);
    const batches = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        wire(
          "POST",
          "/artifact_versions/batch",
          [artifact({ artifact_name: "left" }), artifact({ artifact_name: "right" })].sort(() => (index % 2 ? 1 : -1)),
        ),
      ),
    );
    expect(batches.map((answer) => answer.status)).toEqual(Array(8).fill(200));
    expect(
      await rows(
        reeve,
        "select a.name, count(distinct v.version_number)::int as versions from artifact_version v join artifact a on a.id = v.artifact_id where a.name in ('left', 'right') group by 1 order by 1",
      ),
    ).toEqual([
      { name: "left", versions: 8 },
      { name: "right", versions: 8 },
    ]);
  });

  it("Idempotency-Key: a repeated call has its first answer and no second effect", async () => {
    const key = { "idempotency-key": crypto.randomUUID() };
    const first = await wire("POST", "/tags", { name: "once" }, key);
    const again = await wire("POST", "/tags", { name: "once" }, key);
    expect(first.status).toBe(200);
    expect(again).toEqual(first);
    expect(await wire("POST", "/tags", { name: "once" }, { "idempotency-key": crypto.randomUUID() })).toMatchObject({ status: 409 });
    expect(await rows(reeve, "select count(*)::int as entries from audit_entry where action = 'tag.created' and target_name = 'once'")).toEqual([
      { entries: 1 },
    ]);
  });
});
