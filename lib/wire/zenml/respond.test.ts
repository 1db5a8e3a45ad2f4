import { describe, expect, it } from "vitest";
import { entity, naive, naiveOrNull, pageOf, parseVerbatim, RawJson, raw, serialize, stringifyVerbatim, utc, verbatim } from "./respond";

describe("numbers", () => {
  it.each(["2.0", "-0", "-0.0", "1e400", "1E5", "0.1000", "12345678901234567890", "-9007199254740993", "1.7976931348623157e308"])(
    "keeps %s as it was written",
    (text) => {
      const body = `{"values":{"x":${text},"list":[1,${text}]}}`;
      expect(stringifyVerbatim(parseVerbatim(body))).toBe(body);
      expect(verbatim(body, ["values", "x"])).toBe(text);
      expect(verbatim(body, ["values", "list", 1])).toBe(text);
    },
  );

  it("reads plain whole numbers as numbers", () => {
    expect(parseVerbatim("[0,7,-7,999999999999999]")).toEqual([0, 7, -7, 999999999999999]);
  });

  it("finds nothing where there is nothing, and null where null was sent", () => {
    expect(verbatim('{"a":null}', ["a"])).toBe("null");
    expect(verbatim('{"a":null}', ["a", "b"])).toBeUndefined();
    expect(verbatim('{"a":1}', ["b"])).toBeUndefined();
    expect(verbatim("[]", [0])).toBeUndefined();
  });
});

describe("serialize", () => {
  it("embeds raw text as it is, however deep", () => {
    expect(serialize({ a: raw('{"lr":2.0}'), list: [raw("1e2"), { b: new RawJson("-0.0") }], none: raw(null) })).toBe(
      '{"a":{"lr":2.0},"list":[1e2,{"b":-0.0}],"none":null}',
    );
    expect(serialize(raw("2.0"))).toBe("2.0");
  });

  it("answers null for nothing, as the client needs JSON", () => {
    expect(serialize(null)).toBe("null");
    expect(serialize(undefined)).toBe("null");
  });

  it.each(["\u{10FFFE}raw:0", "\u{10FFFE}raw:1", "$&", "$1", "\u{10FFFE}", '"\u{10FFFE}raw:0"', "\\u{10FFFE}raw:0"])(
    "never takes data for a mark: %j",
    (text) => {
      const value = { name: text, [text]: 1, config: raw('{"secret":2.0}') };
      const parsed = JSON.parse(serialize(value)) as Record<string, unknown>;
      expect(parsed.name).toBe(text);
      expect(parsed[text]).toBe(1);
      expect(parsed.config).toEqual({ secret: 2 });
    },
  );

  it("doesn't look for marks inside raw text, and leaves replacement patterns alone", () => {
    const inner = JSON.stringify({ text: "\u{10FFFE}raw:1 $& $1" });
    expect(serialize([raw(inner), raw("2")])).toBe(`[${inner},2]`);
  });
});

it("writes naive UTC times and reads naive ones as UTC", () => {
  expect(naive("2026-11-22T18:10:05.726252Z")).toBe("2026-11-22T18:10:05.726252");
  expect(naiveOrNull(null)).toBeNull();
  expect(naiveOrNull(undefined)).toBeNull();
  expect(utc("2026-11-22T18:10:05.726252")).toBe("2026-11-22T18:10:05.726252Z");
  expect(utc("2026-11-22T18:10:05+02:00")).toBe("2026-11-22T18:10:05+02:00");
  expect(utc("2026-11-22T18:10:05Z")).toBe("2026-11-22T18:10:05Z");
});

it("makes an entity with or without a name", () => {
  expect(entity({ id: "1", body: { a: 1 } })).toEqual({ id: "1", body: { a: 1 }, metadata: null, resources: null, permission_denied: false });
  expect(entity({ id: "1", name: null, body: {} })).toHaveProperty("name", null);
});

it.each([
  [0, 20, 1],
  [20, 20, 1],
  [21, 20, 2],
  [100_000, 1, 100_000],
])("has pages for %i things by %i: %i", (total, size, pages) => {
  expect(pageOf([], total, 1, size)).toEqual({ index: 1, max_size: size, total_pages: pages, total, items: [] });
});
