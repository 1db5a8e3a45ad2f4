import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { LogLine } from "@/lib/logs/log-line";
import { readLogLine } from "@/lib/logs/log-line";
import { redactedLines } from "@/lib/logs/redacted-lines";
import { printOf } from "./prints";
import { formsOf, LONGEST, secretRedactor } from "./redact-secrets";

const redactor = secretRedactor([
  { name: "lake.password", value: "hunter2-hunter2" },
  { name: "lake.short", value: "abc12" },
  { name: "lake.key", value: "-----BEGIN KEY-----\nAAAABBBBCCCC\n  DDDDEEEEFFFF\n-----END KEY-----" },
  { name: "lake.longer", value: "hunter2-hunter2-and-more" },
  { name: "lake.odd", value: "a+b (c)$[d]" },
]);

describe("texts", () => {
  it.each([
    ["login with hunter2-hunter2.", "login with █ secret:lake.password."],
    ["hunter2-hunter2-and-more", "█ secret:lake.longer"],
    ["twice hunter2-hunter2hunter2-hunter2", "twice █ secret:lake.password█ secret:lake.password"],
    ["url ?x=a%2Bb%20(c)%24%5Bd%5D and a+b (c)$[d]", "url ?x=█ secret:lake.odd and █ secret:lake.odd"],
    ["-----BEGIN KEY-----\nAAAABBBBCCCC\nDDDDEEEEFFFF", "█ secret:lake.key\n█ secret:lake.key\n█ secret:lake.key"],
    ["DDDDEEEEFFFF alone", "█ secret:lake.key alone"],
    ["abc12 is too short to be told from a word", "abc12 is too short to be told from a word"],
    ["HUNTER2-HUNTER2 is another value", "HUNTER2-HUNTER2 is another value"],
  ])("%j", (text, shown) => {
    expect(redactor.redact(text)).toBe(shown);
  });

  it("knows nothing without secrets", () => {
    expect(secretRedactor([]).isEmpty).toBe(true);
    expect(secretRedactor([{ name: "n", value: "short" }]).redact("short")).toBe("short");
  });
});

describe("many long ones", () => {
  const key = Buffer.alloc(32, 3);
  const random = (at: number, length: number) => createHash("shake256", { outputLength: length }).update(String(at)).digest("base64").slice(0, length);
  const values = Array.from({ length: 500 }, (_, at) => random(at, 1_750 + at)); // 2,000 characters in the middle, and all of another length
  const noise = Array.from({ length: 500 }, (_, at) => random(1_000 + at, 2_100));
  const text = `${noise.slice(0, 250).join(" ")} <${values[17]}> ${noise.slice(250).join("\n")} ${encodeURIComponent(values[400] as string)}`;
  const plain = values.map((value, at) => ({ name: `s-${at}`, value }));
  const printed = { key, secrets: plain.map(({ name, value }) => ({ name, prints: formsOf(value).map((form) => printOf(key, form)) })) };

  it.each([
    ["plain", secretRedactor(plain)],
    ["by their prints", secretRedactor([], printed)],
  ])("%s, are found in a megabyte within a second", (_, many) => {
    const began = performance.now();
    const ranges = many.find(text);
    expect(performance.now() - began).toBeLessThan(1_000);
    expect(ranges.map((range) => range.name)).toEqual(["s-17", "s-400"]);
    expect(many.redact(text)).toContain("<█ secret:s-17>");
  });

  it("prints that were made without a head are found as before, and what overlaps itself or another is hidden whole", () => {
    const old = printed.secrets.slice(0, 3).map(({ name, prints }) => ({ name, prints: prints.map(([length, quick, mac]) => [length, quick, mac] as const) }));
    expect(secretRedactor([], { key, secrets: old }).redact(`a ${values[2]} b`)).toBe("a █ secret:s-2 b");
    const same = secretRedactor([{ name: "a", value: "a".repeat(LONGEST) }]);
    const began = performance.now();
    expect(same.redact("a".repeat(1_000_000))).toBe("█ secret:a");
    expect(performance.now() - began).toBeLessThan(1_000);
    const two = secretRedactor([
      { name: "one", value: "abcdefgh" },
      { name: "two", value: "efghijkl" },
    ]);
    expect(two.redact("-abcdefghijkl-")).toBe("-█ secret:one-");
  });
});

describe("lines", () => {
  const chunk = (message: string, at: number, of: number, id = "5648baaa-6d1e-46b5-b802-1dea0398dc2a") =>
    readLogLine(at + 1, JSON.stringify({ message, level: 20, chunk_index: at, total_chunks: of, id }));
  const shown = async (lines: LogLine[], by = redactor) => {
    async function* all() {
      yield* lines;
    }
    const out: string[] = [];
    for await (const line of redactedLines(all(), by)) out.push(line.message);
    return out;
  };

  it("a secret that a cut goes through is hidden at every place of the cut", async () => {
    const text = `before ${"hunter2-hunter2"} after`;
    for (let at = 1; at < text.length; at++) {
      const [first, second] = await shown([chunk(text.slice(0, at), 0, 2), chunk(text.slice(at), 1, 2)]);
      expect(first + (second as string), `cut at ${at}`).toBe("before █ secret:lake.password after");
    }
  });

  it("a secret longer than a chunk leaves nothing of itself", async () => {
    const value = Array.from({ length: 200 }, (_, at) => createHash("sha256").update(String(at)).digest("hex"))
      .join("")
      .slice(0, 3 * LONGEST);
    const long = secretRedactor([{ name: "long", value }]);
    const text = `<${value}>`;
    const pieces = [0, 1, 2].map((at) => chunk(text.slice(at * 5_000, (at + 1) * 5_000), at, 3));
    const out = (await shown(pieces, long)).join("");
    expect(out.replaceAll("█ secret:long", "")).toBe("<>");
  });

  it("other lines are not joined", async () => {
    expect(await shown([chunk("hunter2-", 0, 1), chunk("hunter2", 0, 1, "other")])).toEqual(["hunter2-", "hunter2"]);
  });

  it("terminal codes inside a value don't save it", async () => {
    expect(await shown([readLogLine(1, "\u001b[31mhunter2\u001b[0m-hunter2")])).toEqual(["█ secret:lake.password"]);
  });
});
