import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { inScope } from "@/lib/kernel/transaction";
import { isSetupSecret, newSetupLink, useSetupSecret } from "./setup-link";

const database = useTestDatabase();
let owner: pg.Client;

beforeAll(async () => {
  owner = new pg.Client({ connectionString: database.ownerUrl, options: "-c search_path=reeve" });
  await owner.connect();
});
afterAll(() => owner.end());

const secretOf = (link: string | undefined) => link?.split("#")[1] ?? "";
const holds = (secret: string) => inScope([], (tx) => isSetupSecret(tx, secret));
const use = (secret: string) => inScope([], (tx) => useSetupSecret(tx, secret));

it("makes a link at each start, of which only the newest holds, once, until an organization exists", async () => {
  const first = await newSetupLink();
  expect(first).toMatch(/^http:\/\/[^/]+\/setup#[\w-]{43}$/);
  expect(await holds(secretOf(first))).toBe(true);

  const second = secretOf(await newSetupLink());
  expect(await holds(secretOf(first))).toBe(false);
  expect(await holds(second)).toBe(true);
  expect(await holds(`${second}x`)).toBe(false);
  const { rows } = await owner.query("select sha256, expires_at - created_at between '23:59:59' and '24:00:01' as is_a_day from setup_secret");
  expect(rows).toHaveLength(1);
  expect(rows[0].is_a_day).toBe(true);
  expect(rows[0].sha256.toString("base64url")).not.toContain(second);

  expect((await Promise.all([use(second), use(second), use(second)])).filter(Boolean)).toHaveLength(1);
  expect(await holds(second)).toBe(false);

  const expired = secretOf(await newSetupLink());
  await owner.query("update setup_secret set expires_at = now() - interval '1 second' where used_at is null");
  expect([await holds(expired), await use(expired)]).toEqual([false, false]);

  await owner.query("insert into organization (id, name) values (gen_random_uuid(), 'Acme')");
  expect(await newSetupLink()).toBeUndefined();
});
