import { describe, expect, it } from "vitest";
import flavors from "@/db/seed/flavors.json";
import { localMeaning } from "@/lib/components/locality";
import { checkConfiguration, configFields, type JsonSchema, secretReference } from "./config-schema";

const SCHEMA: JsonSchema = {
  type: "object",
  properties: {
    mode: { $ref: "#/$defs/Mode" },
    size: { anyOf: [{ type: "integer", minimum: 1 }, { type: "null" }], default: null },
    share: { type: "number", exclusiveMinimum: 0, maximum: 1 },
    tags: { type: "array", items: { type: "string" }, default: [] },
    env: { type: "object", additionalProperties: { type: "string" } },
    pods: { type: "array", items: { type: "object", additionalProperties: true } },
    token: { anyOf: [{ type: "string" }, { type: "null" }], sensitive: true },
    path: { type: "string" },
  },
  required: ["path"],
  $defs: { Mode: { enum: ["cold", "warm"], type: "string" } },
};
const form = (configuration: object) => checkConfiguration(SCHEMA, configuration as Record<string, unknown>, { isLax: false, needsReferences: true });
const wire = (configuration: object) => checkConfiguration(SCHEMA, configuration as Record<string, unknown>, { isLax: true, needsReferences: false });

it("draws a field for each property, required ones first", () => {
  const fields = configFields(SCHEMA);
  expect(fields.map((field) => [field.name, field.kind])).toEqual([
    ["path", "text"],
    ["mode", "choice"],
    ["size", "integer"],
    ["share", "number"],
    ["tags", "list"],
    ["env", "map"],
    ["pods", "json"],
    ["token", "text"],
  ]);
  expect(fields.find((field) => field.name === "mode")?.options).toEqual(["cold", "warm"]);
  expect(fields.find((field) => field.name === "share")?.limits).toBe("more than 0, at most 1");
  expect(fields.filter((field) => field.isSecret).map((field) => field.name)).toEqual(["token"]);
});

describe("a form", () => {
  it("is held to types, limits, choices and what is required", () => {
    expect(form({ path: "/a", mode: "warm", size: null, share: 0.5, tags: ["a"], env: { A: "1" }, pods: [{}] })).toEqual({});
    expect(form({ path: "/a", mode: "hot", size: 0, share: 0, tags: [1], env: { A: 1 } })).toEqual({
      mode: "Choose one of cold, warm.",
      size: "Enter at least 1.",
      share: "Enter more than 0.",
      tags: "Entry 1: Enter text.",
      env: "A: Enter text.",
    });
    expect(form({ size: "3", nosuch: 1 })).toEqual({
      size: "Enter a whole number.",
      nosuch: "The flavor has no such field.",
      path: "This field is required.",
    });
  });

  it("takes references to secrets in text, and no plain ones", () => {
    expect(form({ path: "{{store.path}}", token: "{{aws.token}}" })).toEqual({});
    expect(form({ path: "/a", token: "plain" })).toEqual({ token: expect.stringContaining("{{name.key}}") });
    expect(form({ path: "/a", size: "{{a.b}}" })).toEqual({ size: "A secret reference fits text only." });
  });
});

it("lets pass what the client's models read: numbers and JSON as text", () => {
  expect(wire({ path: "/a", size: "3", share: "0.5", tags: '["a"]', env: '{"A":"1"}', token: "plain" })).toEqual({});
  expect(wire({ path: "/a", size: "many" })).toEqual({ size: "Enter a whole number." });
});

it("knows references", () => {
  expect(secretReference("{{ aws.key }}")).toEqual({ secret: "aws", key: "key" });
  for (const text of ["aws.key", "{{aws}}", "x{{a.b}}", 5, null]) expect(secretReference(text)).toBeNull();
});

it("reads the schema of every flavor that comes with Reeve", () => {
  for (const flavor of flavors as unknown as { name: string; type: string; config_schema: JsonSchema }[]) {
    const fields = configFields(flavor.config_schema);
    expect(fields.map((field) => field.name).sort(), flavor.name).toEqual(Object.keys(flavor.config_schema.properties ?? {}).sort());
    for (const field of fields) if (field.kind === "choice") expect(field.options.length, `${flavor.name} ${field.name}`).toBeGreaterThan(0);
    // What a flavor says of itself fits itself: its defaults are valid values.
    const defaults = Object.fromEntries(
      Object.entries(flavor.config_schema.properties ?? {}).flatMap(([name, schema]) => (schema.default == null ? [] : [[name, schema.default]])),
    );
    const problems = checkConfiguration({ ...flavor.config_schema, required: [] }, defaults, { isLax: true, needsReferences: false });
    expect(problems, `${flavor.type} ${flavor.name}`).toEqual({});
  }
});

it("knows what lives on one machine only", () => {
  const where = (type: string, flavor: string, configuration = {}) => localMeaning({ type, flavor, configuration }) !== null;
  expect(where("artifact_store", "local", { path: "/home/mira" })).toBe(true);
  expect(where("container_registry", "default", { uri: "localhost:5000" })).toBe(true);
  expect(where("container_registry", "default", { uri: "localhost.example.com" })).toBe(false);
  expect(where("orchestrator", "kubernetes", { local: true })).toBe(true);
  expect(where("orchestrator", "kubernetes")).toBe(false);
  expect(where("artifact_store", "s3", { path: "s3://bucket" })).toBe(false);
});
