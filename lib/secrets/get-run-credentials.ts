import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineQuery } from "@/lib/kernel/query";
import { findRunScope } from "@/lib/runs/run-scope";
import { type BindingKind, targetWords } from "./bindings";
import { couldRuns } from "./could-runs";
import { knownSecrets } from "./find-secret";
import type { RunCredential } from "./ledger-schema";

// Which credentials a run could use, and which it did, by step and until when: the other side of a secret's ledger.

type Could = { id: string; name: string; secret_kind: string; kind: BindingKind; target_name: string; step: string | null };
type Did = {
  id: string;
  name: string;
  secret_kind: string;
  at: string;
  step: string | null;
  version: number;
  exactness: string;
  who: string;
  who_kind: string;
  held_until: string | null;
  request_id: string;
};

/** The secrets of a run that the reader may know of. Error: not_found. */
export const getRunCredentials = defineQuery({
  name: "run.credentials",
  permission: "run:read",
  input: z.strictObject({ projectId: z.uuid(), runId: z.uuid() }),
  scope: findRunScope,
  run: async ({ tx, actor, input }): Promise<RunCredential[]> => {
    const { rows: could } = await sql<Could>`
      select distinct s.id, s.name, s.kind as secret_kind, b.kind, b.target_name, b.step
      from (${couldRuns(sql`r.id = ${input.runId}`, "-infinity", "infinity")}) c join secret_binding b on b.id = c.binding_id join secret s on s.id = c.secret_id
      where ${knownSecrets(actor)}`.execute(tx);
    const { rows: did } = await sql<Did>`
      select s.id, s.name, s.kind as secret_kind, u.at, t.name as step, u.version, u.exactness, coalesce(nullif(a.full_name, ''), a.name) as who, a.kind as who_kind,
        coalesce(u.valid_until, t.end_time, r.end_time) as held_until, u.request_id
      from secret_use u join secret s on s.id = u.secret_id join principal a on a.id = u.principal_id join run r on r.id = u.run_id left join step_run t on t.id = u.step_run_id
      where u.run_id = ${input.runId} and ${knownSecrets(actor)} order by u.at limit 1000`.execute(tx);
    const found = new Map<string, RunCredential>();
    const of = (row: { id: string; name: string; secret_kind: string }) => {
      const credential = found.get(row.id) ?? { secretId: row.id, name: row.name, kind: row.secret_kind, ways: [], uses: [] };
      found.set(row.id, credential);
      return credential;
    };
    for (const row of could) of(row).ways.push(targetWords({ kind: row.kind, name: row.target_name, step: row.step }));
    for (const row of did)
      of(row).uses.push({
        at: row.at,
        step: row.step,
        version: row.version,
        exactness: row.exactness,
        who: { name: row.who, kind: row.who_kind },
        heldUntil: row.held_until,
        requestId: row.request_id,
      });
    return [...found.values()].sort((a, b) => b.uses.length - a.uses.length || a.name.localeCompare(b.name));
  },
});
