import { expect, it } from "vitest";
import { keptWithin, orGroups, withoutOne } from "./or-rule";

const list = (text: string) => text.split(" ").map((word) => ({ name: word.replace("|", ""), ...(word.startsWith("|") && { or: true as const }) }));
const words = (conditions: { name: string; or?: boolean }[]) => conditions.map(({ name, or }) => `${or ? "|" : ""}${name}`).join(" ");

it.each([
  ["a b c", "a / b / c"],
  ["a |b c", "a,b / c"],
  ["a b |c |d", "a / b,c,d"],
  ["|a b", "a / b"],
])("%s is read as the groups %s", (text, groups) => {
  expect(
    orGroups(list(text))
      .map((group) => group.map(({ name }) => name).join(","))
      .join(" / "),
  ).toBe(groups);
});

it.each([
  ["a |b c", 0, "b c"],
  ["a |b |c", 0, "b |c"],
  ["a b |c", 1, "a c"],
  ["a b |c |d", 2, "a b |d"],
  ["a b", 1, "a"],
])("%s without place %i is %s: no group joins another", (text, at, left) => expect(words(withoutOne(list(text), at))).toBe(left));

it.each([
  ["a b |c", false, "a b |c k"],
  ["a b |c", true, "a |b |c k"],
  ["a", true, "a k"],
])("%s, any: %s, within k is %s", (text, matchesAny, all) => expect(words(keptWithin(list(text), matchesAny, list("k")))).toBe(all));
