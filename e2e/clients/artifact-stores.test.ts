import { afterAll, beforeAll, expect, it } from "vitest";
import type { StoreCase } from "@/lib/artifacts/store-contract.suite";
import { storeSuite } from "@/lib/artifacts/store-contract.suite";
import { lineIndex, linesFrom } from "@/lib/logs/line-index";
import { s3StoreCase } from "../s3-store";
import { startMoto } from "./moto";

// The reader of S3 before moto, which speaks like it: its contract, and a log of a million lines.

async function open(): Promise<StoreCase> {
  const moto = await startMoto();
  const values = { aws_access_key_id: "AKIAOFTESTS", aws_secret_access_key: "any", region: "us-east-1", endpoint_url: moto.url };
  return { ...(await s3StoreCase(async () => values, moto.object)), stop: moto.stop };
}

storeSuite("S3, before moto; not run against AWS itself", open);

const LINES = 1_000_000;
const MOST = 1024 * 1024 * 1024;
let at: StoreCase;
beforeAll(async () => {
  at = await open();
});
afterAll(() => at?.stop?.());

it("a log of a million lines is indexed once, read at any line, and goes on where it grew", async () => {
  const text = Array.from({ length: LINES }, (_, n) => `{"message":"line ${n + 1}","level":20,"timestamp":"2026-11-28T20:00:00Z"}\n`).join("");
  await at.write("million.log", Buffer.from(text));
  const file = await at.store.openFile(at.uri("million.log"), MOST, { mayGrow: true });
  const began = performance.now();
  const index = await lineIndex(file);
  const indexed = performance.now() - began;
  expect(index.lines).toBe(LINES);
  const pages: number[] = [];
  for (const first of [1, 500_500, 999_901]) {
    const start = performance.now();
    const numbers: number[] = [];
    for await (const line of linesFrom(file, index, first)) {
      expect(line.text).toContain(`"line ${line.number}"`);
      numbers.push(line.number);
      if (numbers.length === 100) break;
    }
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, n) => first + n));
    pages.push(Math.round(performance.now() - start));
  }
  console.log(`a million lines in S3 before moto: index ${Math.round(indexed)} ms, pages of 100 lines ${pages.join(", ")} ms`);
  await at.write("million.log", Buffer.from(`${text}{"message":"one more"}\n`));
  const grown = await at.store.openFile(at.uri("million.log"), MOST, { mayGrow: true });
  const again = performance.now();
  expect((await lineIndex(grown)).lines).toBe(LINES + 1);
  expect(performance.now() - again, "only what was added is read").toBeLessThan(indexed);
  await file.close();
  await grown.close();
});
