import { sql } from "kysely";
import { expect, it, vi } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { prepared } from "./prepared";
import { inScope } from "./transaction";

useTestDatabase();

it("builds the statement once and gives each run its own values, wherever they stand", async () => {
  const build = vi.fn();
  const read = prepared((db, second: string, first: number) => {
    build();
    return db.selectNoFrom([sql<number>`${first}::int`.as("first"), sql<string>`${second}::text`.as("second"), sql<number>`${7}::int`.as("fixed")]);
  });
  const seen = await inScope([], (tx) => Promise.all([read(tx, "a", 1), read(tx, "b", 2)]));
  expect(seen.flat()).toEqual([
    { first: 1, second: "a", fixed: 7 },
    { first: 2, second: "b", fixed: 7 },
  ]);
  expect(build).toHaveBeenCalledTimes(1);
});

it("refuses a builder that looks at its value", async () => {
  const read = prepared((db, name: string) => db.selectFrom("principal").select("id").where("name", "=", `${name}!`));
  await expect(inScope([], (tx) => read(tx, "ada"))).rejects.toThrow("is not used as it is");
});
