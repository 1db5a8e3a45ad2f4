import { sql } from "kysely";
import { describe, expect, it } from "vitest";
import type { Fields } from "@/lib/kernel/list";
import { booleanParameter, checkPage, parseList } from "./list-query";

const FIELDS: Fields = {
  id: { kind: "uuid", sql: sql.ref("t.id") },
  name: { kind: "text", sql: sql.ref("t.name") },
  number: { kind: "number", sql: sql.ref("t.number") },
  created: { kind: "time", sql: sql.ref("t.created_at") },
  tag: { kind: "text", where: () => sql`true` },
};
const parse = (text: string) => parseList(new URLSearchParams(text), FIELDS);
const conditions = (text: string) => parse(text).spec.conditions;
const refused = (code: string) => expect.objectContaining({ name: "AppError", code });

describe("filters", () => {
  it.each([
    ["name=a", [{ field: "name", op: "equals", value: "a" }]],
    ["name=contains:a", [{ field: "name", op: "contains", value: "a" }]],
    ["name=", [{ field: "name", op: "equals", value: "" }]],
    ["name=isnull:", [{ field: "name", op: "isnull", value: "" }]],
    ["name=startswith:a:b", [{ field: "name", op: "startswith", value: "a:b" }]],
    ["number=gte:3", [{ field: "number", op: "gte", value: "3" }]],
    ['name=oneof:["a","b"]', [{ field: "name", op: "oneof", value: ["a", "b"] }]],
    ["number=oneof:[1,2]", [{ field: "number", op: "oneof", value: ["1", "2"] }]],
    ["created=in:2026-11-01 00:00:00,2026-11-02 00:00:00", [{ field: "created", op: "in", value: "2026-11-01 00:00:00,2026-11-02 00:00:00" }]],
  ])("reads %s", (text, expected) => {
    expect(conditions(text)).toEqual(expected);
  });

  it.each(["s3://bucket", "http://x", "a:b", ":a", "in:a,b", "gtx:3", "Contains:a", "toString:a", "__proto__:a"])(
    "takes %s for text, as its beginning is no operator",
    (value) => {
      expect(conditions(`name=${encodeURIComponent(value)}`)).toEqual([{ field: "name", op: "equals", value }]);
    },
  );

  it("keeps every one of a repeated parameter", () => {
    expect(conditions("tag=a&tag=b&name=contains:x&name=contains:y")).toHaveLength(4);
  });

  it("leaves out what isn't a filter", () => {
    expect(conditions("page=1&size=5&sort_by=name&logical_operator=or&hydrate=True&include_full_metadata=False&scope_type=x")).toEqual([]);
  });

  it.each(["oneof:a", "oneof:{}", "oneof:", "notoneof:[1"])("refuses the list %s", (value) => {
    expect(() => conditions(`name=${value}`)).toThrow(refused("invalid_input"));
  });
});

describe("page, size and sort", () => {
  it("has the recorded defaults", () => {
    expect(parse("")).toMatchObject({ page: 1, size: 20, spec: { logic: "and", limit: 20, offset: 0, sort: { field: "created", direction: "asc" } } });
  });

  it("counts the offset", () => {
    expect(parse("page=3&size=50").spec).toMatchObject({ limit: 50, offset: 100 });
    expect(parse("size=10000").size).toBe(10_000);
  });

  it.each([
    "page=0",
    "page=-1",
    "page=1.5",
    "page=x",
    "page=",
    "size=0",
    "size=10001",
    "size=1e9",
    "size=NaN",
    "logical_operator=xor",
    "sort_by=up:name",
    "sort_by=desc:nothing",
    "sort_by=desc:tag",
    "sort_by=__proto__",
  ])("refuses %s", (text) => {
    expect(() => parse(text)).toThrow(refused("invalid_input"));
  });

  it.each([
    ["sort_by=name", { field: "name", direction: "asc" }],
    ["sort_by=asc:name", { field: "name", direction: "asc" }],
    ["sort_by=desc:number", { field: "number", direction: "desc" }],
  ])("sorts by %s", (text, sort) => {
    expect(parse(text).spec.sort).toEqual(sort);
  });

  it("refuses a page past the end with the page there is, and has one page of nothing", () => {
    expect(() => checkPage(1, 20, 0)).not.toThrow();
    expect(() => checkPage(2, 20, 40)).not.toThrow();
    expect(() => checkPage(3, 20, 40)).toThrow(
      expect.objectContaining({ code: "bad_request", message: expect.stringContaining("The maximum page value therefore is 2.") }),
    );
    expect(() => checkPage(2, 20, 0)).toThrow(refused("bad_request"));
  });
});

describe("booleans", () => {
  it.each(["True", "true", "1", "yes", "y"])("%s is true", (text) => {
    expect(booleanParameter(new URLSearchParams({ hydrate: text }), "hydrate", false)).toBe(true);
  });
  it.each(["False", "false", "0", "no", "n"])("%s is false", (text) => {
    expect(booleanParameter(new URLSearchParams({ hydrate: text }), "hydrate", true)).toBe(false);
  });
  it("keeps the default when nothing was sent, and refuses anything else", () => {
    expect(booleanParameter(new URLSearchParams(), "hydrate", true)).toBe(true);
    expect(() => booleanParameter(new URLSearchParams({ hydrate: "maybe" }), "hydrate", true)).toThrow(refused("invalid_input"));
  });
});
