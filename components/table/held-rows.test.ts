import { expect, it } from "vitest";
import { mergeRows } from "./held-rows";

const row = (id: number, status = "running") => ({ id: String(id), status });
const keyOf = (item: { id: string }) => item.id;

it("renews rows where they are, keeps the lost, counts the new", () => {
  const before = [row(3), row(2), row(1)];
  const held = mergeRows({ view: "v", source: before, shown: before, waiting: 0 }, [row(5), row(4), row(3, "completed"), row(2)], keyOf);
  expect(held.shown).toEqual([row(3, "completed"), row(2), row(1)]);
  expect(held.waiting).toBe(2);
});

it("shows the first row of an empty list at once", () => {
  expect(mergeRows({ view: "v", source: [], shown: [], waiting: 0 }, [row(1)], keyOf)).toMatchObject({ shown: [row(1)], waiting: 0 });
});
