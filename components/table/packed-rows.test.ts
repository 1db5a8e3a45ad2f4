import { expect, it } from "vitest";
import { packRows, unpackRows } from "./packed-rows";

it("gives rows back as JSON would, whatever fields each has", () => {
  const rows = [
    { id: "1", name: null, tags: ["a"], steps: { ended: 1 } },
    { id: "2", name: undefined, tags: [], steps: null },
    { id: "3", tags: [], steps: null, more: false },
    { steps: null, id: "4", name: "", tags: ["b", "c"] },
  ];
  const back = unpackRows<(typeof rows)[number]>(packRows(rows) as never);
  expect(back).toEqual(JSON.parse(JSON.stringify(rows)));
  expect(back.map((row) => Object.keys(row))).toEqual([
    ["id", "name", "tags", "steps"],
    ["id", "tags", "steps"],
    ["id", "tags", "steps", "more"],
    ["steps", "id", "name", "tags"],
  ]);
});

it("says each field's name once", () => {
  const text = packRows(Array.from({ length: 50 }, (_, number) => ({ orchestratorRunId: number })));
  expect(text.match(/orchestratorRunId/g)).toHaveLength(1);
});

it("an empty list is an empty list", () => expect(unpackRows(packRows([]))).toEqual([]));
