import { expect, it } from "vitest";
import { diffLines } from "./structured-diff";

it("lists what differs by key path, and what was made or removed", () => {
  expect(diffLines({ role: "viewer", until: null, scope: { project: "a" } }, { role: "contributor", scope: { project: "a" } })).toEqual([
    { sign: "−", path: "role", value: "viewer" },
    { sign: "+", path: "role", value: "contributor" },
    { sign: "−", path: "until", value: "null" },
    { sign: "=", path: "scope.project", value: "a" },
  ]);
  expect(diffLines(null, { name: "x", tags: ["a"] })).toEqual([
    { sign: "+", path: "name", value: "x" },
    { sign: "+", path: "tags", value: '["a"]' },
  ]);
  expect(diffLines(null, null)).toEqual([]);
});
