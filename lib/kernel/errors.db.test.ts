import { sql } from "kysely";
import { expect, it } from "vitest";
import { connect } from "@/db/client";
import { useTestDatabase } from "@/db/test-database";
import { toAppError } from "./errors";
import { newId } from "./id";
import { inScope } from "./transaction";

// What the database does becomes an error that a person can act on.

const db = useTestDatabase();

it("a pool that has no connection left answers unavailable, and lets the next one in", async () => {
  const pool = connect(db.appUrl, { max: 1, connectionTimeoutMs: 200 });
  try {
    const held = inScope([], (tx) => sql`select pg_sleep(1)`.execute(tx), { db: pool });
    await new Promise((resolve) => setTimeout(resolve, 100));
    const refused = await inScope([], (tx) => sql`select 1`.execute(tx), { db: pool }).catch(toAppError);
    expect(refused).toMatchObject({ code: "unavailable", status: 503 });
    await held;
    await expect(inScope([], (tx) => sql`select 1`.execute(tx), { db: pool })).resolves.toBeDefined();
  } finally {
    await pool.destroy();
  }
});

it("what something else refers to is in use, with no word of the database's own", async () => {
  const grant = inScope([], (tx) =>
    sql`insert into api_key (id, organization_id, principal_id, name, secret_hmac)
    values (${newId()}, ${newId()}, ${newId()}, 'k', '')`.execute(tx),
  );
  const refused = await grant.catch(toAppError);
  expect(refused).toMatchObject({ code: "in_use", status: 403 });
  expect((refused as Error).message).not.toMatch(/foreign key|constraint|api_key/);
});

it("a name that exists is a conflict, a NUL in a text is invalid input", async () => {
  const insert = (name: string) => inScope([], (tx) => sql`insert into throttle (key) values (${name})`.execute(tx));
  await insert("twice");
  expect(await insert("twice").catch(toAppError)).toMatchObject({ code: "conflict" });
  expect(await insert("\u0000").catch(toAppError)).toMatchObject({ code: "invalid_input" });
});
