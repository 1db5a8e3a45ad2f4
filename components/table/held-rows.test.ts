import { expect, it } from "vitest";
import { mergeRows, withoutHeld } from "./held-rows";

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

it("shows the next answer as it is after the person has removed rows, and holds them again after that", () => {
  const before = [row(3), row(2), row(1)];
  const after = mergeRows({ view: "v", source: before, shown: before, waiting: 0, expectsLoss: true }, [row(3), row(1)], keyOf);
  expect(after).toEqual({ view: "v", source: [row(3), row(1)], shown: [row(3), row(1)], waiting: 0 });
  expect(mergeRows(after, [row(4), row(3)], keyOf)).toMatchObject({ shown: [row(3), row(1)], waiting: 1 });
});

it("drops what the person removed also when the answer without it came first", () => {
  const before = [row(3), row(2), row(1)];
  const early = mergeRows({ view: "v", source: before, shown: before, waiting: 0 }, [row(3), row(1)], keyOf);
  expect(early.shown).toEqual(before);
  expect(withoutHeld(early)).toMatchObject({ shown: [row(3), row(1)], waiting: 0, expectsLoss: true });
});
