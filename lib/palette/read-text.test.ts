import { expect, it } from "vitest";
import { readText } from "./read-text";

it.each([
  ["№ 12", { number: 12 }],
  ["#12", { number: 12 }],
  ["12", { number: 12 }],
  ["01a20592-F98F-700b-b517-67e8817de871", { id: "01a20592-f98f-700b-b517-67e8817de871" }],
  ["01a20592-f9", { idRange: ["01a20592-f900-0000-0000-000000000000", "01a20592-f9ff-ffff-ffff-ffffffffffff"] }],
  [`sha256:${"ab".repeat(32)}`, { digest: "ab".repeat(32) }],
  ["fraud_train-2026", {}],
  ["a\u0000b", { text: "ab" }],
  ["x".repeat(500), { text: "x".repeat(200) }],
])("%s", (text, means) => {
  const { text: kept, spellings: _spellings, ...rest } = readText(text);
  const { text: expected = kept, ...others } = means as { text?: string };
  expect(kept).toBe(expected);
  expect(rest).toEqual(others);
});

it("knows a name as it was typed and in lower case", () => expect(readText(" Fraud ").spellings).toEqual(["Fraud", "fraud"]));
