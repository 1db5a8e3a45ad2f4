import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { seedUi } from "@/e2e/seed-ui";
import { PREVIEW_ACT } from "@/lib/bulk/preview";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { getVersionPage, listRail } from "./get-version-page";
import { listArtifactRows } from "./list-artifact-rows";
import { listVersionRows } from "./list-version-rows";

const db = useTestDatabase();
let acme: TestOrganization;

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  acme = await makeTestOrganization();
  await seedUi(db.ownerUrl, { workspace: acme.own.workspace.slug, runs: 40 });
});

type Asked = Record<string, unknown>;
const owner = <Row extends object>(text: string, values: unknown[] = []) => asOwner<Row>(db.ownerUrl, text, values);
const viewer = () => callAs(acme.people.viewer, acme.own.workspace);
const artifacts = (input: Asked = {}) =>
  ask(listArtifactRows, viewer(), { projectId: acme.own.projectId, conditions: [], sort: { field: "updated", direction: "desc" }, limit: 1000, ...input });
const versions = (input: Asked = {}, context = viewer()) =>
  ask(listVersionRows, context, { projectId: acme.own.projectId, conditions: [], sort: { field: "created", direction: "desc" }, limit: 1000, ...input });
const where = (field: string, op: string, value: string | string[] = "") => ({ conditions: [{ field, op, value }] });

async function addVersion(artifact: string, more: { version: string; at?: string; by?: string }): Promise<string> {
  const id = newId();
  await owner(
    `insert into artifact_version (id, workspace_id, project_id, artifact_id, version, uri, type, materializer, data_type, save_type, request_id, created_by, created_at)
     select $1, workspace_id, project_id, id, $3, '/x', 'DataArtifact', '{}', '{"module":"builtins","attribute":"dict"}', 'manual', 'r', $4, coalesce($5::timestamptz, now()) from artifact where name = $2 and project_id = $6`,
    [id, artifact, more.version, more.by ?? acme.people.contributor.id, more.at ?? null, acme.own.projectId],
  );
  return id;
}

describe("artifacts", () => {
  it("know how many versions they have and which is the newest, whoever adds and removes", async () => {
    const state = async () => {
      const row = (await artifacts(where("name", "oneof", ["metrics"]))).rows[0];
      return [row?.versions, row?.latest?.version];
    };
    const [before, latest] = await state();
    await addVersion("metrics", { version: "older", at: "2020-01-01T00:00:00Z" });
    expect(await state()).toEqual([Number(before) + 1, latest]);
    const id = await addVersion("metrics", { version: "newer", at: "2030-01-01T00:00:00Z" });
    expect(await state()).toEqual([Number(before) + 2, "newer"]);
    await owner("delete from artifact_version where id = $1", [id]);
    await owner("delete from artifact_version where version = 'older'");
    expect(await state()).toEqual([before, latest]);
  });

  it("are listed with their newest version's facts and found by them", async () => {
    const { rows, total } = await artifacts();
    expect(total).toEqual({ count: rows.length, isExact: true });
    const scorer = rows.find((row) => row.name === "fraud_scorer");
    expect(scorer).toMatchObject({ latest: { type: "ModelArtifact", dataType: "xgboost.Booster" }, producer: { step: "train_model" } });
    const names = async (field: string, op: string, value?: string | string[]) => (await artifacts(where(field, op, value))).rows.map((row) => row.name).sort();
    expect(await names("type", "oneof", ["ModelArtifact"])).toEqual(["fraud_scorer"]);
    expect(await names("data_type", "contains", "booster")).toEqual(["fraud_scorer"]);
    expect(await names("step", "oneof", ["train_model"])).toContain("fraud_scorer");
    expect(await names("versions", "gt", "100000")).toEqual([]);
    // Metadata is that of the newest version.
    const stored = rows.filter((row) => row.latest?.sizeBytes != null);
    const size = Math.max(...stored.map((row) => row.latest?.sizeBytes ?? 0));
    const largest = await names("meta.storage_size", "gte", String(size));
    expect(largest).toEqual(stored.flatMap((row) => (row.latest?.sizeBytes === size ? [row.name] : [])));
    expect(largest).not.toEqual([]);
    const unused = await names("used", "oneof", ["nothing"]);
    expect(unused).toEqual(
      rows
        .filter((row) => row.readBy.count === 0 && row.models.count === 0)
        .map((row) => row.name)
        .sort(),
    );
    expect(await names("used", "notoneof", ["nothing"])).toHaveLength(rows.length - unused.length);
  });
});

describe("versions", () => {
  it.each([
    ["created", "desc"],
    ["created", "asc"],
    ["items", "desc"],
    ["items", "asc"],
  ])("by %s %s are on one page each, in order", async (field, direction) => {
    const sort = { field, direction };
    const whole = (await versions({ sort })).rows.map((row) => row.id);
    const paged: string[] = [];
    let after: string | undefined;
    do {
      const page = await versions({ sort, limit: 13, after });
      paged.push(...page.rows.map((row) => row.id));
      after = page.next ?? undefined;
    } while (after);
    expect(paged).toEqual(whole);
    expect(new Set(paged).size).toBe(whole.length);
  });

  it("are found by artifact, producer, use, content, tag and metadata", async () => {
    const { rows } = await versions();
    const ids = (list: { id: string }[]) => list.map((row) => row.id).sort();
    const found = async (field: string, op: string, value?: string | string[]) => ids((await versions(where(field, op, value))).rows);
    const one = rows.find((row) => row.contentHash !== null && row.producer !== null);
    expect(await found("artifact", "oneof", ["labels"])).toEqual(ids(rows.filter((row) => row.artifact === "labels")));
    expect(await found("artifact", "notoneof", ["labels"])).toEqual(ids(rows.filter((row) => row.artifact !== "labels")));
    expect(await found("content", "oneof", [String(one?.contentHash)])).toContain(one?.id);
    expect(await found("run_number", "equals", String(one?.producer?.runNumber))).toEqual(
      ids(rows.filter((row) => row.producer?.runNumber === one?.producer?.runNumber)),
    );
    expect(await found("run", "isnull")).toEqual(ids(rows.filter((row) => row.producer?.runNumber == null)));
    expect(await found("used", "oneof", ["nothing"])).toEqual(ids(rows.filter((row) => row.readBy.count === 0 && row.models.count === 0)));
    expect(await found("used", "oneof", ["runs", "models"])).toEqual(ids(rows.filter((row) => row.readBy.count > 0 || row.models.count > 0)));
    expect(await found("read_by_step", "oneof", ["train_model"])).not.toEqual([]);
    expect(await found("meta.storage_size", "gt", "50000000")).toEqual(ids(rows.filter((row) => (row.sizeBytes ?? 0) > 50_000_000)));
    expect(await found("by", "contains", "no such person")).toEqual([]);
  });

  it("are seen with a grant on their project, not with one on another, and not from another workspace", async () => {
    const grantOn = async (projectId: string) => {
      const person = await makePerson(acme.own.workspace.organizationId, "member", acme.own.workspace.id);
      await owner(
        `insert into role_grant (id, organization_id, principal_id, role, scope_kind, workspace_ref, project_ref, source) values ($1, $2, $3, 'viewer', 'project', $4, $5, 'person')`,
        [newId(), acme.own.workspace.organizationId, person.id, acme.own.workspace.id, projectId],
      );
      return callAs((await inScope([], (tx) => loadActor(tx, person.id, person.credential))) as Actor, acme.own.workspace);
    };
    const other = newId();
    await owner("insert into project (id, workspace_id, name, display_name) values ($1, $2, 'other', 'Other')", [other, acme.own.workspace.id]);
    expect((await versions({}, await grantOn(acme.own.projectId))).rows.length).toBeGreaterThan(20);
    await expect(versions({}, await grantOn(other))).rejects.toMatchObject({ code: "not_found" });
    expect((await versions({ projectId: other })).rows).toEqual([]);
    await expect(versions({}, callAs(acme.people.viewer, acme.foreign.workspace))).rejects.toMatchObject({ code: "not_found" });
  });
});

it("everything that nothing uses can be deleted at once, counted by the list's own filter", async () => {
  const matching = { conditions: [{ field: "used", op: "oneof" as const, value: ["nothing"] }], matchesAny: false };
  const unused = (await versions(where("used", "oneof", ["nothing"]))).total.count;
  const admin = callAs(acme.people["workspace-admin"], acme.own.workspace);
  const found = await ask(PREVIEW_ACT.artifact, admin, { projectId: acme.own.projectId, list: "artifact-versions", act: "delete", selection: { matching } });
  expect(found).toMatchObject({ chosen: unused, changes: unused });
  expect(found.falls.map((one) => one.what)).not.toContain("inputs");
});

describe("a version's page", () => {
  const page = (artifact: string, version: string | null) => ask(getVersionPage, viewer(), { projectId: acme.own.projectId, artifact, version });

  it("is the newest without a version, and has its producer, readers and metadata", async () => {
    const newest = await page("features_train", null);
    expect(newest).toMatchObject({ isLatest: true, producer: { step: "build_features" }, dataType: "pandas.DataFrame" });
    const read = (await versions(where("used", "oneof", ["runs"]))).rows.find((row) => row.artifact === "features_train");
    const shown = await page("features_train", read?.version ?? "");
    expect(shown.readers.map((use) => use.step)).toContain("train_model");
    expect(shown.readers).toHaveLength(shown.readBy.count);
    expect(shown.writers.map((use) => use.step)).toEqual(["build_features"]);
    expect(shown.metadata.map((row) => row.key)).toContain("storage_size");
    await expect(page("features_train", "no-such")).rejects.toMatchObject({ code: "not_found" });
    await expect(page("no-such", null)).rejects.toMatchObject({ code: "not_found" });
  });

  it("has the versions around it, and finds others by name, digest and tag", async () => {
    const all = (await versions(where("artifact", "oneof", ["labels"]))).rows;
    const rail = (around: string | null, text = "") => ask(listRail, viewer(), { projectId: acme.own.projectId, artifact: "labels", around, text });
    expect((await rail(null)).versions.map((one) => one.version)).toEqual(all.slice(0, 40).map((row) => row.version));
    const last = all.at(-1);
    const end = await rail(last?.version ?? "");
    expect(end.versions.at(-1)?.version).toBe(last?.version);
    expect(end).toMatchObject({ hasOlder: false, hasNewer: all.length > 13 });
    expect((await rail(null, last?.contentHash?.slice(0, 12))).versions.map((one) => one.id)).toContain(last?.id);
    expect((await rail(null, "%")).versions).toEqual([]);
  });
});
