import pg from "pg";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import type { WireCall } from "@/lib/wire/zenml/endpoint";
import { ARTIFACT_ENDPOINTS } from "@/lib/wire/zenml/artifacts";
import { serialize } from "@/lib/wire/zenml/respond";
import { deleteArtifactVersion, updateArtifact } from "./change-artifacts";
import { createArtifactVersions } from "./create-artifact-versions";

const db = useTestDatabase();
let acme: TestOrganization;

beforeAll(async () => {
  acme = await makeTestOrganization();
});

const contributor = () => callAs(acme.people.contributor, acme.own.workspace);
const viewer = () => callAs(acme.people.viewer, acme.own.workspace);

const version = (artifactName: string, more: Record<string, unknown> = {}) => ({
  artifactId: null,
  artifactName,
  hasCustomName: false,
  version: null,
  type: "DataArtifact",
  uri: "/nowhere",
  materializer: { module: "m" },
  dataType: { module: "builtins" },
  saveType: "manual",
  contentHash: null,
  itemCount: null,
  artifactStoreId: null,
  tags: null,
  visualizations: null,
  metadata: new Map(),
  ...more,
});
const create = (...versions: ReturnType<typeof version>[]) => execute(createArtifactVersions, contributor(), { project: "default", versions });
const versionsOf = (name: string) =>
  asOwner<{ version: string }>(
    db.ownerUrl,
    "select v.version from artifact_version v join artifact a on a.id = v.artifact_id where a.name = $1 order by v.version_number, v.version",
    [name],
  ).then((rows) => rows.map((row) => row.version));

describe("versions", () => {
  it("are numbered without gaps by writers at once, whose batches name artifacts in different orders", async () => {
    await Promise.all(Array.from({ length: 10 }, (_, index) => create(...(index % 2 ? ["left", "right"] : ["right", "left"]).map((name) => version(name)))));
    const all = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10"];
    expect(await versionsOf("left")).toEqual(all);
    expect(await versionsOf("right")).toEqual(all);
    expect(await asOwner(db.ownerUrl, "select count(*)::int as artifacts from artifact where name in ('left', 'right')")).toEqual([{ artifacts: 2 }]);
  });

  it("go on above an explicit number; a taken one is a conflict, and then nothing of its batch stays", async () => {
    await create(version("mixed", { version: "7" }), version("mixed", { version: "final" }));
    await create(version("mixed"));
    const from = await lastSeq(db.ownerUrl);
    await expect(create(version("mixed-too"), version("mixed"), version("mixed", { version: "final" }))).rejects.toMatchObject({ code: "conflict" });
    expect(await versionsOf("mixed")).toEqual(["7", "8", "final"]);
    expect(await versionsOf("mixed-too")).toEqual([]);
    expect(await trailAfter(db.ownerUrl, from)).toEqual([]);
  });

  it("come back in the order of the batch, with one entry for all of them", async () => {
    const from = await lastSeq(db.ownerUrl);
    const ids = await create(
      version("zz", { tags: ["b", "a"], metadata: new Map([["n", "2.0"]]) }),
      version("aa", { visualizations: [{ type: "html", uri: "/v.html" }] }),
      version("zz"),
    );
    const rows = await asOwner(
      db.ownerUrl,
      "select v.id, a.name, v.version from artifact_version v join artifact a on a.id = v.artifact_id where v.id = any($1)",
      [ids],
    );
    expect(ids.map((id) => rows.find((row) => row.id === id)).map((row) => `${row?.name} ${row?.version}`)).toEqual(["zz 1", "aa 1", "zz 2"]);
    expect(await trailAfter(db.ownerUrl, from)).toMatchObject([
      { action: "artifact-version.created", outcome: "allowed", count: 3, target_name: "zz 1, aa 1, zz 2" },
    ]);
    expect(await asOwner(db.ownerUrl, "select value from metadata_entry where resource_id = $1", [ids[0]])).toEqual([{ value: "2.0" }]);
  });

  it("need a permission: a viewer makes, changes and deletes none, and each try leaves its entry", async () => {
    const [id] = await create(version("guarded"));
    const from = await lastSeq(db.ownerUrl);
    await expect(execute(createArtifactVersions, viewer(), { project: "default", versions: [version("guarded")] })).rejects.toMatchObject({
      code: "forbidden",
    });
    await expect(execute(deleteArtifactVersion, contributor(), { id })).rejects.toMatchObject({ code: "forbidden" });
    await expect(
      execute(createArtifactVersions, callAs(acme.people.contributor, acme.foreign.workspace), { project: "default", versions: [version("x")] }),
    ).rejects.toMatchObject({ code: "not_found" });
    expect((await trailAfter(db.ownerUrl, from)).map((entry) => `${entry.action} ${entry.outcome}`)).toEqual([
      "artifact-version.created denied",
      "artifact-version.deleted denied",
      "artifact-version.created denied",
    ]);
    expect(await versionsOf("guarded")).toEqual(["1"]);
    await execute(deleteArtifactVersion, callAs(acme.people["workspace-admin"], acme.own.workspace), { id });
    expect(await versionsOf("guarded")).toEqual([]);
  });

  it("of an unknown artifact store or artifact are refused", async () => {
    const unknown = "01a204f4-042c-75d9-9f18-d8f8de8041ca";
    await expect(create(version("stored", { artifactStoreId: unknown }))).rejects.toMatchObject({ code: "not_found" });
    await expect(create(version("x", { artifactName: null, artifactId: unknown }))).rejects.toMatchObject({ code: "not_found" });
    await expect(create(version("x", { artifactName: null }))).rejects.toMatchObject({ code: "invalid_input" });
  });
});

it("an artifact takes no name that another has", async () => {
  await create(version("first"), version("second"));
  const [row] = await asOwner<{ id: string }>(db.ownerUrl, "select id from artifact where name = 'first'");
  const rename = (name: string) => execute(updateArtifact, contributor(), { id: row?.id, name, hasCustomName: null, addTags: null, removeTags: null });
  await expect(rename("second")).rejects.toMatchObject({ code: "conflict" });
  await rename("third");
  expect(await versionsOf("third")).toEqual(["1"]);
});

describe("on the wire", () => {
  let actor: Actor;
  beforeAll(async () => {
    // A query decides by the actor of the call, as the wire loads it.
    const { id, credential } = acme.people.contributor;
    actor = (await inScope([], (tx) => loadActor(tx, id, credential))) as Actor;
  });
  const answer = async (method: string, path: string, more: Partial<WireCall> = {}) => {
    const endpoint = ARTIFACT_ENDPOINTS.find((row) => row.method === method && row.path === path);
    if (!endpoint) throw new Error(`no endpoint ${method} ${path}`);
    const call: WireCall = {
      context: { ...callAs(actor), workspace: acme.own.workspace },
      path: {},
      query: new URLSearchParams(),
      body: null,
      rawBody: "",
      hydrate: !endpoint.list,
      ...more,
    };
    return serialize(await endpoint.handle(call));
  };
  const post = (rawBody: string) => answer("POST", "/artifact_versions", { rawBody, body: JSON.parse(rawBody) });
  const body = (metadata: string) =>
    `{"project":"default","artifact_name":"wired","type":"DataArtifact","uri":"/w","materializer":{"module":"m"},"data_type":{"module":"d"},"save_type":"manual","metadata":${metadata}}`;

  it("metadata comes back as it was spelled", async () => {
    expect(await post(body('{"loss": 2.0, "big": 12345678901234567890, "list": [1e3]}'))).toContain(
      '"run_metadata":{"big": 12345678901234567890, "list": [1e3], "loss": 2.0}',
    );
  });

  it("a list of many rows takes as many queries as a list of one", async () => {
    for (let index = 0; index < 12; index++) await post(body(`{"index": ${index}}`));
    const queries = vi.spyOn(pg.Client.prototype, "query");
    const countOf = async (size: string) => {
      queries.mockClear();
      const page = JSON.parse(
        await answer("GET", "/artifact_versions", { query: new URLSearchParams({ artifact: "wired", size, hydrate: "True" }), hydrate: true }),
      ) as { items: unknown[] };
      // The end of a transaction of reads isn't waited for: it may be counted with either.
      const sent = queries.mock.calls.map(([query]) => String(typeof query === "string" ? query : (query as { text?: string }).text));
      return { items: page.items.length, queries: sent.filter((text) => /^\s*select/i.test(text)).length };
    };
    const [one, ten] = [await countOf("1"), await countOf("10")];
    queries.mockRestore();
    expect([one.items, ten.items]).toEqual([1, 10]);
    expect(ten.queries).toBe(one.queries);
    expect(one.queries).toBeGreaterThan(3);
  });

  it("a scope holds under logical_operator=or", async () => {
    await create(version("elsewhere"));
    const query = new URLSearchParams([
      ["artifact", "wired"],
      ["logical_operator", "or"],
      ["version", "1"],
      ["version", "2"],
    ]);
    const page = JSON.parse(await answer("GET", "/artifact_versions", { query })) as { items: { body: { version: string; artifact: { name: string } } }[] };
    expect(page.items.map((item) => `${item.body.artifact.name} ${item.body.version}`)).toEqual(["wired 1", "wired 2"]);
  });
});
