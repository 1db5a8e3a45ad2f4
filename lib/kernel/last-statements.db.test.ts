import { sql } from "kysely";
import { expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { LastStatement } from "@/db/transactions";
import { inScope, inScopeWithLast, type Tx } from "./transaction";

// Statements that leave with their commit: one that fails, or that could not be sent, keeps the commit from keeping anything.

useTestDatabase();

const add = (tx: Tx, key: string) => sql`insert into throttle (key) values (${key})`.execute(tx);
const isThere = async (key: string) => (await inScope([], (tx) => sql`select 1 from throttle where key = ${key}`.execute(tx))).rows.length > 0;
const write = (key: string, last: (tx: Tx) => LastStatement[]) =>
  inScopeWithLast([], async (tx) => {
    await add(tx, key);
    return { result: key, last: last(tx) };
  });

it("keeps what came before when they succeed", async () => {
  expect(await write("kept", (tx) => [{ query: sql`insert into throttle (key) values (${"kept too"})`.compile(tx) }])).toBe("kept");
  expect([await isThere("kept"), await isThere("kept too")]).toEqual([true, true]);
});

it("keeps nothing when one fails, and says why in its words", async () => {
  const failing = write("lost", (tx) => [
    { query: sql`insert into throttle (key) values (${"lost too"})`.compile(tx) },
    { query: sql`select 1 / ${0}::int`.compile(tx), failure: (cause) => new Error("in words", { cause }) },
  ]);
  await expect(failing).rejects.toMatchObject({ message: "in words", cause: { code: "22012" } });
  expect([await isThere("lost"), await isThere("lost too")]).toEqual([false, false]);
});

it("sends no commit behind a statement that the driver might not send", async () => {
  await expect(write("unsent", (tx) => [{ query: sql`select ${{ a: 1n }}`.compile(tx) }])).rejects.toThrow("texts and numbers only");
  expect(await isThere("unsent")).toBe(false);
});

it("leaves the connection usable after a failure", async () => {
  for (let time = 0; time < 15; time++) await write(`again ${time}`, (tx) => [{ query: sql`select 1 / ${0}::int`.compile(tx) }]).catch(() => undefined);
  expect(await write("after", () => [])).toBe("after");
});
