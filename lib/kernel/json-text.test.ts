import { expect, it } from "vitest";
import { jsonText } from "./json-text";

it("replaces what jsonb refuses and keeps the rest", () => {
  expect(jsonText({ message: "a\u0000b\udcff", fine: "😀 é", list: ["\ud800", 1.5, null] })).toBe(
    '{"message":"a\uFFFDb\uFFFD","fine":"😀 é","list":["\uFFFD",1.5,null]}',
  );
});
