import { expect, it } from "vitest";
import { sizeWords } from "./size-words";

it("says sizes with a unit and at most three digits", () => {
  expect([0, 999, 1000, 12_400_000, 999_600, 345_000_000_000].map(sizeWords)).toEqual(["0 B", "999 B", "1.0 kB", "12.4 MB", "1.0 MB", "345 GB"]);
});
