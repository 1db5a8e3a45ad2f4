import "server-only";
import { createHash } from "node:crypto";
import { sql } from "kysely";
import { z } from "zod";
import { hideSecrets } from "@/lib/audit/redact";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { defineQuery } from "@/lib/kernel/query";
import { loadConnection } from "./load-connection";
import type { EvidenceRow } from "./schema";

// Test logins that are kept as evidence, beyond the 30 days of attempts. Invariant: what is kept is never changed; the digest of its bytes stands
// beside it and in the trail, so that a copy can be compared.

const FORMAT = "reeve sso test 1";

/** Keeps an ended test login: what was sent and found, without secrets. Errors: not_found, conflict when it is kept already. */
export const keepTest = defineCommand({
  name: "sso-connection.test-kept",
  permission: "sso-connection:test",
  input: z.strictObject({ connectionId: z.uuid(), attemptId: z.uuid() }),
  scope: ({ tx, actor, input }) => loadConnection(tx, actor, input.connectionId, "lock"),
  run: async ({ tx, actor, now, input: { attemptId }, target: { connection } }) => {
    const attempt = await tx
      .selectFrom("sso_attempt as a")
      .leftJoin("principal as p", "p.id", "a.started_by")
      .select(["a.outcome", "a.refusal", "a.at", "a.ended_at as endedAt", "a.email", "a.steps", "a.result", "a.answer", "a.version", "a.started_by"])
      .select(["p.name as testedBy", "a.request_ref as requestId"])
      .where("a.id", "=", attemptId)
      .where("a.connection_id", "=", connection.id)
      .where("a.mode", "=", "test")
      .where("a.outcome", "in", ["tested", "refused"])
      .where("a.version", "is not", null)
      .executeTakeFirst();
    if (!attempt) throw new AppError("not_found", "There is no such test login, it has not ended, or it is older than the record.");
    const kept = await tx.selectFrom("sso_evidence").select("id").where("attempt_id", "=", attemptId).executeTakeFirst();
    if (kept) throw new AppError("conflict", "This test login is kept already.");
    const { answer, started_by, result, ...facts } = attempt;
    const { slug, name, protocol } = connection;
    // The answer is redacted as a text already; the rest as the trail is, uncut.
    const shown = { format: FORMAT, connection: { slug, name, protocol }, attempt: attemptId, ...facts, result: hideSecrets(result), answer };
    const record = `${JSON.stringify(shown, null, 2)}\n`;
    const sha256 = createHash("sha256").update(record).digest("hex");
    const id = newId();
    const version = attempt.version ?? 0;
    const said = { version, outcome: attempt.outcome, sha256 };
    await tx
      .insertInto("sso_evidence")
      .values({
        ...said,
        id,
        organization_id: actor.organizationId,
        connection_id: connection.id,
        attempt_id: attemptId,
        tested_by: started_by,
        tested_at: attempt.at,
        kept_by: actor.id,
        kept_at: now,
        record,
      })
      .execute();
    return {
      result: { id, sha256 },
      audit: { target: { type: "sso-connection", id: connection.id, name }, after: { evidence: id, attempt: attemptId, ...said } },
    };
  },
});

const MOST = 200;

/** What was kept of a connection, the newest test first. */
export const listEvidence = defineQuery({
  name: "sso-connection.evidence-list",
  permission: "sso-connection:read",
  input: z.strictObject({ connectionId: z.uuid() }),
  scope: ({ tx, actor, input }) => loadConnection(tx, actor, input.connectionId, "read"),
  run: async ({ tx, input }): Promise<EvidenceRow[]> => {
    const { rows } = await sql<EvidenceRow>`
      select e.id, e.attempt_id as "attemptId", e.version, e.outcome, coalesce(nullif(t.full_name, ''), t.name) as "testedBy", e.tested_at as "testedAt",
        coalesce(nullif(k.full_name, ''), k.name) as "keptBy", e.kept_at as "keptAt", e.sha256
      from sso_evidence e left join principal t on t.id = e.tested_by join principal k on k.id = e.kept_by
      where e.connection_id = ${input.connectionId} order by e.tested_at desc, e.id limit ${MOST}`.execute(tx);
    return rows;
  },
});

/** One record as it was kept, byte for byte. Error: not_found. */
export const readEvidence = defineQuery({
  name: "sso-connection.evidence-read",
  permission: "sso-connection:read",
  input: z.strictObject({ connectionId: z.uuid(), evidenceId: z.uuid() }),
  scope: ({ tx, actor, input }) => loadConnection(tx, actor, input.connectionId, "read"),
  run: async ({ tx, input }): Promise<{ record: string; sha256: string }> => {
    const row = await tx
      .selectFrom("sso_evidence")
      .select(["record", "sha256"])
      .where("id", "=", input.evidenceId)
      .where("connection_id", "=", input.connectionId)
      .executeTakeFirst();
    if (!row) throw new AppError("not_found", "There is no such record.");
    return row;
  },
});
