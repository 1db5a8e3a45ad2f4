import { expect, it, vi } from "vitest";
import { Verdicts } from "./verdicts";

it("says what was missed and what failed, by name", () => {
  const verdicts = new Verdicts();
  verdicts.atMost("runs: p95 in ms", 15, 15);
  verdicts.atMost("steps: p95 in ms", 15.04, 15);
  verdicts.atMost("nothing measured", Number.NaN, 3);
  verdicts.failed("page: models", new Error("answered 500"));
  const lines: string[] = [];
  vi.spyOn(console, "log").mockImplementation((line: string) => void lines.push(line));
  verdicts.print();
  vi.restoreAllMocks();
  const text = lines.join("\n");
  expect(verdicts.hasFailed).toBe(true);
  expect(text).toContain("- page: models: answered 500");
  expect(text).toContain("1 of 3 held.");
  expect(text).toContain("| steps: p95 in ms | 15.0 | 15 |");
  expect(text).toContain("| nothing measured | NaN | 3 |");
  expect(text).not.toContain("| runs");
});
