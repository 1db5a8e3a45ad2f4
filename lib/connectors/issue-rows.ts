import "server-only";
import { type RawBuilder, sql } from "kysely";
import type { Subject } from "@/lib/authz/can";
import { visibleTo } from "@/lib/authz/visible";
import type { IssueRow } from "./schema";

// Rows of the ledger with who asked and for which run. A run's own token says which run it was; a client that posted runs is "inferred": the
// run of the same credential that was going on, whose stack has a component that is connected here.

export type FoundIssue = {
  id: string;
  at: string;
  who: string | null;
  who_kind: string | null;
  credential_kind: string;
  run_id: string | null;
  run_number: number | null;
  run_project: string | null;
  run_exact: boolean;
  run_steps: string[] | null;
  purpose: string;
  outcome: string;
  reason: string | null;
  resource_type: string | null;
  resource_id: string | null;
  method: string | null;
  reach: string | null;
  acts_as: string | null;
  is_capped: boolean;
  expires_at: string | null;
  secret_version: number | null;
  peer_request_id: string | null;
  request_id: string;
  renews: string | null;
  peer_limit_seconds: number | null;
  ending: string | null;
  revoking_at: string | null;
  revoked_at: string | null;
  revoked_by: string | null;
};

/** A client asks for credentials a little before it posts its run, too. */
const BEFORE = sql`interval '2 minutes'`;

/** Whether run `r`'s stack had a component, as both then were, that was connected to what issue `i` came from, at a moment from the issue to the posting. */
const wasConnected = sql`exists (select from stack_part p join component_connection k on k.component_id = p.component_id
  where p.stack_id = coalesce(r.stack_id, (select g.stack_id from run_past_stack g where g.run_id = r.id)) and k.connector_id = i.connector_id
    and p.valid_from <= i.issued_at + ${BEFORE} and coalesce(p.valid_to, 'infinity') >= i.issued_at
    and k.valid_from <= i.issued_at + ${BEFORE} and coalesce(k.valid_to, 'infinity') >= i.issued_at)`;

/** The condition under which run `r` may be the one that issue `i` was for. */
export const isRunOf = sql<boolean>`(r.id = i.run_id or (i.run_id is null and i.outcome = 'issued' and i.purpose = 'client' and r.workspace_id = i.workspace_id
  and r.created_by = i.principal_id and r.credential_id is not distinct from i.credential_id
  and i.issued_at between r.created_at - ${BEFORE} and coalesce(r.end_time, 'infinity')
  and ${wasConnected}))`;

/** Of several such runs the one that was going on, else the next that was posted; who may see it is asked after. */
const nearestRun = sql`(
  select r.id, r.number, p.name as project, r.workspace_id, r.project_id, r.created_by from run r join project p on p.id = r.project_id
  where ${isRunOf} order by (r.created_at <= i.issued_at) desc, abs(extract(epoch from r.created_at - i.issued_at)) limit 1)`;

const MOST_STEPS = 20;

/**
 * The steps of run `run` that had what issue `i` gave: of the run's own token those that were running when it asked, where there were any; else
 * those that ran while it lived, since a client process keeps what it got.
 */
const stepsOf = sql`(
  select array_agg(s.name order by s.start_time, s.name) from (
    select s.name, s.start_time from step_run s
    where s.run_id = run.id and s.start_time <= coalesce(i.expires_at, 'infinity') and coalesce(s.end_time, 'infinity') >= i.issued_at
      and (run.id is distinct from i.run_id or s.start_time <= i.issued_at
        or not exists (select from step_run o where o.run_id = run.id and o.start_time <= i.issued_at and coalesce(o.end_time, 'infinity') >= i.issued_at))
    order by s.start_time, s.name limit ${sql.lit(MOST_STEPS)}) s)`;

/** `actor`: who reads; a run that they may not read is not named. */
export const issueSource = (actor: Subject, where: RawBuilder<unknown>) => sql`(
  select i.id, i.issued_at as at, i.connector_id, i.connector_name, coalesce(nullif(u.full_name, ''), u.name) as who, u.kind as who_kind, i.credential_kind, i.purpose, i.outcome, i.reason,
    i.resource_type, i.resource_id, i.method, i.reach, i.acts_as, i.is_capped, i.expires_at, i.secret_version, i.peer_request_id, i.request_id,
    i.renews, i.peer_limit_seconds, coalesce(i.ending_secret_id::text, i.ending::text) as ending, i.revoking_at, i.revoked_at, coalesce(nullif(v.full_name, ''), v.name) as revoked_by,
    run.id as run_id, run.number as run_number, run.project as run_project, coalesce(run.id = i.run_id, false) as run_exact,
    ${stepsOf} as run_steps
  from connector_issue i left join principal u on u.id = i.principal_id left join principal v on v.id = i.revoked_by
    left join lateral (select r.id, r.number, r.project from ${nearestRun} r
      where ${visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" })}) run on true
  where ${where}
) x`;

export const issueRow = (row: FoundIssue): IssueRow => ({
  id: row.id,
  at: row.at,
  who: row.who ? { name: row.who, kind: row.who_kind ?? "user" } : null,
  credential: row.credential_kind,
  run:
    row.run_id && row.run_project
      ? { id: row.run_id, number: row.run_number ?? 0, project: row.run_project, isExact: row.run_exact, steps: row.run_steps ?? [] }
      : null,
  purpose: row.purpose,
  outcome: row.outcome,
  reason: row.reason,
  resourceType: row.resource_type,
  resourceId: row.resource_id,
  method: row.method,
  reach: row.reach,
  actsAs: row.acts_as,
  isCapped: row.is_capped,
  expiresAt: row.expires_at,
  keysVersion: row.secret_version,
  peerRequestId: row.peer_request_id,
  requestId: row.request_id,
  renews: row.renews,
  peerLimitSeconds: row.peer_limit_seconds,
  ending: row.ending,
  revokingAt: row.revoking_at,
  revokedAt: row.revoked_at,
  revokedBy: row.revoked_by,
});
