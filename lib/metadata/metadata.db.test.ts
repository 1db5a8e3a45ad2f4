import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { newId } from "@/lib/kernel/id";
import { makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { inScope } from "@/lib/kernel/transaction";
import { metadataField } from "./metadata-field";
import { readMetadata } from "./read-metadata";
import { numberOf, typeOf, writeMetadata } from "./write-metadata";

useTestDatabase();
let acme: TestOrganization;

beforeAll(async () => {
  acme = await makeTestOrganization();
});

const here = <T>(work: Parameters<typeof inScope<T>>[1]) => inScope<T>([acme.own.workspace.id], work);
const log = (id: string, values: Record<string, string>) =>
  here((tx) =>
    writeMetadata(tx, {
      workspaceId: acme.own.workspace.id,
      projectId: acme.own.projectId,
      actorId: acme.people.contributor.id,
      requestId: newId(),
      resources: [{ id, type: "artifact_version" }],
      values: new Map(Object.entries(values)),
    }),
  );
const read = async (id: string) => (await here((tx) => readMetadata(tx, [id]))).get(id);

describe("reading", () => {
  it("gives back every value as it was spelled", async () => {
    const id = newId();
    await log(id, { a: "2.0", b: "1e3", c: "12345678901234567890", d: '"é\\u0000"', e: "[1.50, null]", f: "true" });
    expect(await read(id)).toBe('{"a": 2.0, "b": 1e3, "c": 12345678901234567890, "d": "é\\u0000", "e": [1.50, null], "f": true}');
    expect(await read(newId())).toBe("{}");
  });

  it("gives the latest value of a key; values that are all objects are merged, spelled as sent", async () => {
    const id = newId();
    await log(id, { lr: "0.1", deep: '{"a": 1.0, "b": 2}', mixed: "1" });
    await log(id, { lr: "0.20", deep: '{"b": 3.0, "c": {"d": 1}}', mixed: '{"a": 1}' });
    expect(await read(id)).toBe('{"deep": {"a":1.0,"b":3.0,"c":{"d":1}}, "lr": 0.20, "mixed": {"a": 1}}');
  });

  it("reads many resources at once, each its own", async () => {
    const ids = [newId(), newId(), newId()];
    for (const [index, id] of ids.entries()) await log(id, { at: String(index) });
    expect([...(await here((tx) => readMetadata(tx, ids))).values()]).toEqual(['{"at": 0}', '{"at": 1}', '{"at": 2}']);
  });
});

describe("the filter", () => {
  const ids: string[] = [];
  beforeAll(async () => {
    for (const values of [{ mse: "0.5", kind: '"ols"' }, { mse: "12", kind: '"ridge \\"b\\""' }, { other: '"\\u0000"' }] as Record<string, string>[]) {
      const id = newId();
      ids.push(id);
      await log(id, values);
    }
  });
  const found = async (text: string) => {
    const where = metadataField("thing.id").where?.("equals", text);
    const { rows } = await here((tx) =>
      sql<{ at: number }>`select thing.at from unnest(${ids}::uuid[]) with ordinality as thing(id, at) where ${where} order by at`.execute(tx),
    );
    return rows.map((row) => Number(row.at));
  };

  it("compares text without its quotes, numbers as numbers, and takes operators", async () => {
    expect(await found("kind:ols")).toEqual([1]);
    expect(await found('kind:ridge "b"')).toEqual([2]);
    expect(await found("mse:0.50")).toEqual([1]);
    expect(await found("mse:gt:1.5")).toEqual([2]);
    expect(await found("mse:lte:12")).toEqual([1, 2]);
    expect(await found("kind:contains:R")).toEqual([2]);
    expect(await found('kind:oneof:["ols","none"]')).toEqual([1]);
    expect(await found("kind:100%")).toEqual([]);
    expect(await found("other:contains:u0000")).toEqual([3]);
  });

  it("refuses what is no filter", async () => {
    for (const text of ["kind", ":x", "mse:gt:high", "kind:oneof:ols"]) await expect(found(text), text).rejects.toMatchObject({ code: "invalid_input" });
  });
});

it("knows numbers and types from their text", () => {
  expect(["1", "-2.5", "1e2", "1e999", '"1"', "true", "[1]"].map(numberOf)).toEqual([1, -2.5, 100, null, null, null, null]);
  expect(['"a"', "1", "1.0", "1e2", "true", "[]", "{}"].map(typeOf)).toEqual(["str", "int", "float", "float", "bool", "list", "dict"]);
});
