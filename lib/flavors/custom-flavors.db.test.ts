import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import flavors from "@/db/seed/flavors.json";
import { useTestDatabase } from "@/db/test-database";
import { createComponent } from "@/lib/components/create-component";
import { getComponentDraft, getComponentPage } from "@/lib/components/get-component-page";
import { type CallContext, execute } from "@/lib/kernel/command";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { createFlavor, deleteFlavor, updateFlavor } from "./change-flavor";
import { getFlavorPage, listFlavorRows } from "./list-flavor-rows";
import { schemaText } from "./schema-text";

// What a Contributor's own flavor must not do to others: hold the process, break their pages, vanish under a component.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
let acme: TestOrganization;
let form: CallContext;

beforeAll(async () => {
  acme = await makeTestOrganization();
  form = callAs(acme.people.contributor, acme.own.workspace);
});

const register = (schema: unknown, name = `bell-${newId().slice(-8)}`) =>
  execute(createFlavor, form, { name, type: "alerter", source: "mine.Bell", configSchema: JSON.stringify(schema) });
const component = (flavor: string, configuration: object) =>
  execute(createComponent, form, { name: `c-${newId().slice(-8)}`, type: "alerter", flavor, configuration: JSON.stringify(configuration) });
const unnamed = () => `bell-${newId().slice(-8)}`;

describe("a schema that takes too long", () => {
  it("is broken off: a pattern that backtracks, a kind that refers to itself", async () => {
    const [pattern, loop] = [unnamed(), unnamed()];
    await register({ properties: { a: { type: "string", pattern: "^(a+)+$" } } }, pattern);
    const self = { $ref: "#/$defs/A" };
    await register({ properties: { a: self }, $defs: { A: { anyOf: [self, self, self] } } }, loop);
    const began = Date.now();
    await expect(component(pattern, { a: `${"a".repeat(60)}!` })).rejects.toMatchObject({ code: "invalid_input", reason: "too_slow" });
    await expect(component(loop, { a: 1 })).rejects.toMatchObject({ code: "invalid_input", reason: "too_slow" });
    expect(Date.now() - began).toBeLessThan(5_000);
  });
});

describe("a malformed schema", () => {
  const WRONG: [string, unknown][] = [
    ["configSchema.properties", { properties: [] }],
    ["configSchema.properties", { properties: "none" }],
    ["configSchema.properties.a", { properties: { a: null } }],
    ["configSchema.properties.a.title", { properties: { a: { title: 5 } } }],
    ["configSchema.properties.a.description", { properties: { a: { description: {} } } }],
    ["configSchema.properties.a.anyOf", { properties: { a: { anyOf: {} } } }],
    ["configSchema.properties.a.anyOf.0", { properties: { a: { anyOf: [null] } } }],
    ["configSchema.properties.a.allOf", { properties: { a: { allOf: "x" } } }],
    ["configSchema.properties.a.oneOf", { properties: { a: { oneOf: 1 } } }],
    ["configSchema.properties.a.enum", { properties: { a: { enum: "x" } } }],
    ["configSchema.properties.a.enum.0", { properties: { a: { enum: [{ toString: 1 }] } } }],
    ["configSchema.required", { required: { a: true } }],
    ["configSchema.$defs.A", { $defs: { A: 1 } }],
    ["configSchema.properties.a.$ref", { properties: { a: { $ref: 1 } } }],
  ];
  it.each(WRONG)("is refused with the place that is wrong: %s", async (place, schema) => {
    await expect(register(schema)).rejects.toMatchObject({ code: "invalid_input", fields: { [place]: expect.any(String) } });
    const id = await register({});
    await expect(execute(updateFlavor, form, { id, configSchema: JSON.stringify(schema) })).rejects.toMatchObject({
      code: "invalid_input",
      fields: { [place]: expect.any(String) },
    });
  });

  it("is refused when it is too large or too deep", async () => {
    const deep = `${'{"items":'.repeat(60_000)}{}${"}".repeat(60_000)}`;
    for (const configSchema of [JSON.stringify({ description: "x".repeat(300_000) }), `{"items":${'{"items":'.repeat(60)}{}${"}".repeat(60)}}`, deep])
      await expect(execute(createFlavor, form, { name: unnamed(), type: "alerter", source: "mine.Bell", configSchema })).rejects.toMatchObject({
        code: "invalid_input",
        fields: { configSchema: expect.any(String) },
      });
  });

  it("that was stored before breaks no list and no page, and its fields count as secret", async () => {
    for (const schema of WRONG.map(([, value]) => value)) {
      const name = unnamed();
      const id = await register({ properties: { a: { type: "string" } } }, name);
      const part = await component(name, { a: "plain-value" });
      await asOwner(db.ownerUrl, "update flavor set config_schema = $2::jsonb where id = $1", [id, JSON.stringify(schema)]);
      await expect(ask(getFlavorPage, form, { id }), JSON.stringify(schema)).resolves.toMatchObject({ name });
      const page = await ask(getComponentPage, form, { id: part });
      if (JSON.stringify(schema).includes('"a":{')) expect(JSON.stringify(page)).not.toContain("plain-value");
      await expect(ask(getComponentDraft, form, { id: part })).resolves.toMatchObject({ id: part });
    }
    const list = await ask(listFlavorRows, form, {
      conditions: [{ field: "origin", op: "equals", value: "custom" }],
      sort: { field: "name", direction: "asc" },
      limit: 100,
    });
    expect(list.rows.length).toBeGreaterThanOrEqual(WRONG.length);
  });

  it("is none of those that come with Reeve", () => {
    for (const flavor of flavors) expect(schemaText.safeParse(JSON.stringify(flavor.config_schema)).error, flavor.name).toBeUndefined();
  });
});

it("names a class as Python does", async () => {
  const make = (source: string) => execute(createFlavor, form, { name: unnamed(), type: "alerter", source, configSchema: "{}" });
  for (const source of ["zenml.artifact_stores.s3.S3Flavor", "__main__.Bell", "my-code.bells.Bell@v1.2"])
    await expect(make(source)).resolves.toEqual(expect.any(String));
  for (const source of ["$'.Bell", "mine", "mine..Bell", "mine.Bell; x", 'mine."Bell', "mine.Bell@", ".Bell"])
    await expect(make(source), source).rejects.toMatchObject({ code: "invalid_input", fields: { source: expect.any(String) } });
});

describe("a flavor that changes while a component is made of it", () => {
  /** Holds a flavor's row changed and not committed while something else starts. */
  async function during<T>(id: string, change: string, start: () => Promise<T>): Promise<T> {
    let work: Promise<T> | undefined;
    await inScope([acme.own.workspace.id], async (tx) => {
      await sql.raw(change.replace("$1", `'${id}'`)).execute(tx);
      work = start();
      work.catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    return work as Promise<T>;
  }

  it("is not used when it is deleted or becomes another kind meanwhile", async () => {
    const [gone, moved] = [unnamed(), unnamed()];
    const [goneId, movedId] = [await register({}, gone), await register({}, moved)];
    await expect(during(goneId, "delete from flavor where id = $1", () => component(gone, {}))).rejects.toMatchObject({ code: "not_found" });
    await expect(during(movedId, "update flavor set type = 'annotator' where id = $1", () => component(moved, {}))).rejects.toMatchObject({
      code: "not_found",
    });
  });

  it("is changed from what it is after the lock, not from what it was before", async () => {
    const id = await register({});
    await expect(during(id, "delete from flavor where id = $1", () => execute(deleteFlavor, form, { id }))).rejects.toMatchObject({ code: "not_found" });
    const other = await register({});
    await during(other, "update flavor set source = 'theirs.Bell' where id = $1", () => execute(updateFlavor, form, { id: other, source: "ours.Bell" }));
    const [entry] = await asOwner(db.ownerUrl, "select before from audit_entry where target_id = $1 order by seq desc limit 1", [other]);
    expect(entry).toMatchObject({ before: { source: "theirs.Bell" } });
  });
});
