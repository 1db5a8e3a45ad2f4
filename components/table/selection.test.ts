import { describe, expect, it } from "vitest";
import { nothing, pageToggled, ranged, toggled } from "./selection";

const PAGE = ["a", "b", "c", "d", "e"];
const ids = (chosen: { ids: ReadonlySet<string> }) => [...chosen.ids].sort();

describe("the chosen rows of a list", () => {
  it("take one row in and out", () => {
    const one = toggled(nothing("f"), "b", PAGE);
    expect(ids(one)).toEqual(["b"]);
    expect(ids(toggled(one, "b", PAGE))).toEqual([]);
  });

  it("take a range from the last row, upwards and downwards, and grow it from there", () => {
    const from = toggled(nothing("f"), "c", PAGE);
    expect(ids(ranged(from, "e", PAGE))).toEqual(["c", "d", "e"]);
    expect(ids(ranged(from, "a", PAGE))).toEqual(["a", "b", "c"]);
    expect(ids(ranged(ranged(from, "d", PAGE), "b", PAGE))).toEqual(["b", "c", "d"]);
  });

  it("take only the row itself when the range would begin on another page", () => {
    const before = toggled(nothing("f"), "z", ["y", "z"]);
    expect(ids(ranged(before, "d", PAGE))).toEqual(["d", "z"]);
  });

  it("take the page in, out when it is in, and leave other pages alone", () => {
    const before = toggled(nothing("f"), "z", ["y", "z"]);
    const whole = pageToggled(toggled(before, "a", PAGE), PAGE);
    expect(ids(whole)).toEqual([...PAGE, "z"]);
    expect(ids(pageToggled(whole, PAGE))).toEqual(["z"]);
  });

  it("leave the rest of the page when one goes out of all", () => {
    const all = { ...nothing("f"), isAll: true };
    const left = toggled(all, "c", PAGE);
    expect(left.isAll).toBe(false);
    expect(ids(left)).toEqual(["a", "b", "d", "e"]);
  });
});
