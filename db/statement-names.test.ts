import { expect, it } from "vitest";
import { StatementNames } from "./statement-names";

it("names what comes again, and what came once not", () => {
  const names = new StatementNames();
  const given = Array.from({ length: 6 }, () => names.of("select 1"));
  expect(given).toEqual([undefined, undefined, undefined, undefined, "reeve_0", "reeve_0"]);
  expect(names.of("select 2")).toBeUndefined();
});

it("keeps a bounded number, whatever comes", () => {
  const names = new StatementNames();
  const often = (text: string) => Array.from({ length: 5 }, () => names.of(text)).at(-1);
  const given = Array.from({ length: 400 }, (_, n) => often(`select ${n}`)).filter((name) => name !== undefined);
  expect(given).toHaveLength(250);
  expect(new Set(given).size).toBe(250);
  expect(often("select 3")).toBe("reeve_3");
});

it("doesn't remember thousands of texts that came once", () => {
  const names = new StatementNames();
  for (let n = 0; n < 4; n++) names.of("select 'often'");
  for (let n = 0; n < 1_000; n++) names.of(`insert ${n}`);
  expect(names.of("select 'often'")).toBeUndefined();
});

it("leaves alone what finds its index by a value", () => {
  const names = new StatementNames();
  const often = (text: string) => Array.from({ length: 9 }, () => names.of(text)).at(-1);
  expect(often('insert into "t" ("a") values ($1) on conflict ("a") where "off" = $2 do nothing')).toBeUndefined();
  expect(often('insert into "t" ("a") values ($1) on conflict ("a") do update set "a" = $1 where "t"."b" = $2')).toBe("reeve_0");
});
