import { expect, it } from "vitest";
import { readLogLine } from "./log-line";

it.each([
  ["\u001b[1;31mred\u001b[0m and \u001b]8;;http://x\u0007link\u001b]8;;\u0007", "red and link"],
  ["10 %\r50 %\r100 %\r", "100 %"],
  ["a\tb\u0000\u0008c", "a\tbc"],
  ['{"message": "two\\nlines \\u001b[2K", "level": 20}', "two\nlines "],
])("%j reads as %j", (line, message) => {
  expect(readLogLine(1, line).message).toBe(message);
});

it.each([
  ["2026-11-22 18:38:01,354 ERROR it failed", 40],
  ["[2026-11-22T18:38:01Z] - WARNING: x", 30],
  ["[INFO] x", 20],
  ["an ERROR in the middle", null],
  ["INFORMAL", null],
  ['{"message": "ERROR says the text", "level": 20}', 20],
])("%j has level %s", (line, level) => {
  expect(readLogLine(1, line).level).toBe(level);
});
