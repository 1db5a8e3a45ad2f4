import { expect, it } from "vitest";
import { configurationText, mapWritten, typedOf, writtenOf } from "./config-text";

const field = (kind: "text" | "integer" | "number" | "boolean" | "choice" | "list" | "map" | "json", name: string = kind) => ({
  name,
  label: name,
  kind,
  help: null,
  isRequired: false,
  isSecret: false,
  isDeprecated: false,
  hasLines: false,
  defaultText: null,
  options: [],
  limits: null,
});

it("writes what is typed as JSON, with the spelling of numbers", () => {
  expect(writtenOf(field("text"), "s3://bucket")).toEqual({ json: '"s3://bucket"' });
  expect(writtenOf(field("number"), "2.0")).toEqual({ json: "2.0" });
  expect(writtenOf(field("integer"), "007")).toEqual({ json: "7" });
  expect(writtenOf(field("boolean"), "false")).toEqual({ json: "false" });
  expect(writtenOf(field("list"), "a\n\n b ")).toEqual({ json: '["a","b"]' });
  expect(writtenOf(field("map"), "A=1\nB=x=y")).toEqual({ json: '{"A":"1","B":"x=y"}' });
  expect(writtenOf(field("json"), "{{store.options}}")).toEqual({ json: '"{{store.options}}"' });
  for (const kind of ["text", "number", "list", "map", "json", "boolean"] as const) expect(writtenOf(field(kind), " ")).toEqual({ json: null });
});

it("says what can't be written", () => {
  expect(writtenOf(field("integer"), "1.5")).toEqual({ error: "Enter a whole number." });
  expect(writtenOf(field("number"), "much")).toMatchObject({ error: expect.stringContaining("number") });
  expect(writtenOf(field("json"), '{"a":')).toMatchObject({ error: expect.stringContaining("not JSON") });
  expect(mapWritten("A")).toMatchObject({ error: expect.stringContaining("KEY=value") });
  expect(mapWritten("A=1\nA=2")).toMatchObject({ error: "A is there twice." });
});

it("shows what is stored as it would be typed, and back", () => {
  for (const [kind, json] of [
    ["text", '"x"'],
    ["number", "2.0"],
    ["list", '["a","b"]'],
    ["map", '{"A":"1"}'],
    ["boolean", "true"],
    ["json", '"{{a.b}}"'],
  ] as const)
    expect(writtenOf(field(kind), typedOf(field(kind), json))).toEqual({ json });
  expect(typedOf(field("json"), '{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
});

it("puts a configuration together of the fields that are set", () => {
  const made = configurationText([field("text", "path"), field("number", "share"), field("integer", "size")], { path: "/a", share: "1.50", size: "x" });
  expect(made).toEqual({ text: '{"path":"/a","share":1.50}', errors: { size: "Enter a whole number." } });
});
