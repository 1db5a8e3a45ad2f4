import { sql } from "kysely";
import { beforeAll, describe, expect, it } from "vitest";
import { connect } from "@/db/client";
import { useTestDatabase } from "@/db/test-database";
import { recordAudit } from "@/lib/audit/record";
import { systemActor } from "@/lib/identity/actor";
import { newId } from "@/lib/kernel/id";
import { inScope } from "@/lib/kernel/transaction";
import { testRequest } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";

const db = useTestDatabase();

async function newOrganization(): Promise<string> {
  const id = newId();
  await inScope([], (tx) => tx.insertInto("organization").values({ id, name: "Acme" }).execute());
  return id;
}

const facts = (organizationId: string) =>
  ({ actor: systemActor(organizationId), request: testRequest(), workspaceId: null, action: "thing.changed", outcome: "allowed" }) as const;

const entriesOf = (organizationId: string) =>
  asOwner<{ seq: string; name: string; in_order: boolean }>(
    db.ownerUrl,
    "select seq::text, target_name as name, at >= lag(at, 1, at) over (order by seq) as in_order from audit_entry where organization_id = $1 order by audit_entry.seq",
    [organizationId],
  );

describe("AUD-7", () => {
  it.each([20, 200])("%i writers at once: one order, no gap, no fork, and those that roll back leave none", async (writers) => {
    const organization = await newOrganization();
    const other = await newOrganization();
    const pool = connect(db.appUrl, { max: 24 });
    try {
      const results = await Promise.allSettled(
        Array.from({ length: writers }, (_, index) =>
          inScope(
            [],
            async (tx) => {
              const isAborted = index % 5 === 4;
              const drafts = Array.from({ length: (index % 3) + 1 }, (__, part) => ({ target: { type: "thing", name: `${index}.${part}` } }));
              await recordAudit(tx, facts(index % 7 === 0 ? other : organization), drafts);
              if (isAborted) throw new Error("rolled back");
            },
            { db: pool },
          ),
        ),
      );
      const committed = results.flatMap((result, index) => (result.status === "fulfilled" ? [index] : []));
      expect(committed).toEqual(Array.from({ length: writers }, (_, index) => index).filter((index) => index % 5 !== 4));
      for (const id of [organization, other]) {
        const entries = await entriesOf(id);
        expect(entries.map((entry) => Number(entry.seq))).toEqual(Array.from({ length: entries.length }, (_, index) => index + 1));
        expect(entries.every((entry) => entry.in_order)).toBe(true);
        const mine = committed.filter((index) => (index % 7 === 0) === (id === other));
        expect(entries.map((entry) => entry.name).sort()).toEqual(
          mine.flatMap((index) => Array.from({ length: (index % 3) + 1 }, (_, part) => `${index}.${part}`)).sort(),
        );
        // What one transaction wrote stands together.
        for (const index of mine) {
          const places = entries.flatMap((entry, place) => (entry.name.split(".")[0] === String(index) ? [place] : []));
          expect(Math.max(...places) - Math.min(...places)).toBe(places.length - 1);
        }
      }
    } finally {
      await pool.destroy();
    }
  });
});

describe("AUD-10: the trail is append-only", () => {
  let organization: string;
  beforeAll(async () => {
    organization = await newOrganization();
    await inScope([], (tx) => recordAudit(tx, facts(organization), [{ target: { type: "thing", name: "first" } }]));
  });

  it.each([
    "update audit_entry set action = 'x'",
    "delete from audit_entry",
    "truncate audit_entry",
    "insert into audit_entry select * from audit_entry",
    "update audit_head set last_seq = 0",
    "insert into audit_head values (gen_random_uuid(), 0)",
    "delete from audit_head",
    "truncate audit_head",
    "drop table audit_entry",
    "alter table audit_entry disable trigger all",
    "drop trigger audit_entry_append_only on audit_entry",
    "create or replace function append_audit(p_organization uuid, p_entries jsonb) returns bigint language sql as 'select 1'",
    "create rule r as on update to audit_entry do instead nothing",
    "set session_replication_role = replica",
  ])("the app's role is refused: %s", async (statement) => {
    const pool = connect(db.appUrl, { max: 1 });
    try {
      await expect(sql.raw(statement).execute(pool)).rejects.toThrow(/permission denied|must be owner/);
    } finally {
      await pool.destroy();
    }
    expect(await entriesOf(organization)).toHaveLength(1);
  });

  it.each(["update audit_entry set action = 'x'", "delete from audit_entry", "truncate audit_entry"])("even the owner is refused: %s", async (statement) => {
    await expect(asOwner(db.ownerUrl, statement)).rejects.toThrow("append-only");
  });

  it("an organization without a trail takes no entry", async () => {
    await expect(inScope([], (tx) => recordAudit(tx, facts(newId()), [{ target: { type: "thing" } }]))).rejects.toThrow("has no audit trail");
  });
});

describe("what an entry holds", () => {
  it("only what differs, redacted, with the request's facts and time to the microsecond", async () => {
    const organization = await newOrganization();
    const request = { ...testRequest("2001:db8::1"), clientRequestId: "theirs", claimed: { client: "zenml/0.98" } };
    await inScope([], (tx) =>
      recordAudit(tx, { ...facts(organization), request }, [
        {
          target: { type: "connector", id: "7", name: "=cmd()" },
          before: { name: "s3", password: "old", same: 1, config: { apiKey: "a", region: "x" } },
          after: { name: "s3-eu", password: "new", same: 1, config: { apiKey: "b", region: "x" }, note: "ZENKEY_abcDEF123" },
        },
      ]),
    );
    const [row] = await asOwner(
      db.ownerUrl,
      "select request_id, client_request_id, claimed, address, before, after, target_name, to_char(at, 'US') as us from audit_entry where organization_id = $1",
      [organization],
    );
    expect(row).toMatchObject({
      request_id: request.requestId,
      client_request_id: "theirs",
      claimed: { client: "zenml/0.98" },
      address: "2001:db8::1",
      target_name: "=cmd()",
      before: { name: "s3" },
      after: { name: "s3-eu", note: "ZENKEY_…F123" },
    });
    expect(row?.us).toMatch(/^\d{6}$/);
    expect(JSON.stringify(row)).not.toMatch(/"old"|"new"|abcDEF123/);
  });
});
