import "server-only";
import { jsonText } from "@/lib/kernel/json-text";
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "@/lib/identity/actor";
import type { RequestContext } from "@/lib/kernel/request";
import type { Tx } from "@/lib/kernel/transaction";
import { redact } from "./redact";

// Writes audit entries inside the transaction of the change. The database function takes the organization's sequence row, so call
// it last: from there to the commit the organization's other writers wait.

export type AuditTarget = { type: string; id?: string | null; name?: string | null; projectId?: string | null };

/** What a command says of what it did. `before` and `after` are plain data; they are redacted and cut to what differs. */
export type AuditDraft = {
  target: AuditTarget;
  before?: Record<string, unknown> | null;
  after?: Record<string, unknown> | null;
  /** Defaults to the command's name. */
  action?: string;
  reason?: string;
  /** Defaults to the call's: for an attempt that was refused and that must stay on record (a wrong code). */
  outcome?: "denied";
  count?: number;
  onBehalfOf?: { id: string; name: string } | null;
  /** Whose trail it belongs to, when not the call's workspace's: for an act of the organization on things of several. */
  workspaceId?: string | null;
};

export type AuditFacts = {
  actor: Actor;
  request: RequestContext;
  workspaceId: string | null;
  action: string;
  outcome: "allowed" | "denied" | "failed";
};

/** Appends the drafts; returns the number of the last one. Throws when the trail can't be written: the caller's change must then roll back. */
export async function recordAudit(tx: Tx, facts: AuditFacts, drafts: readonly AuditDraft[]): Promise<number> {
  const { rows } = await auditStatement(facts, drafts).execute(tx);
  return Number(rows[0]?.seq);
}

/** The statement that appends the drafts and gives the number of the last one. */
export function auditStatement(facts: AuditFacts, drafts: readonly AuditDraft[]): RawBuilder<{ seq: number }> {
  const { actor, request } = facts;
  const entries = drafts.map((draft) => {
    const { before, after } = changed(redact(draft.before ?? null), redact(draft.after ?? null));
    return {
      workspace_id: draft.workspaceId === undefined ? facts.workspaceId : draft.workspaceId,
      project_id: draft.target.projectId ?? null,
      actor_id: actor.kind === "operator" || actor.kind === "system" ? null : actor.id,
      actor_kind: actor.kind,
      actor_name: actor.fullName || actor.name,
      on_behalf_of: draft.onBehalfOf?.id ?? null,
      on_behalf_of_name: draft.onBehalfOf?.name ?? null,
      credential_kind: actor.credential.kind,
      credential_id: actor.credential.id,
      credential_label: actor.credential.label,
      origin: request.origin,
      claimed: request.claimed ?? null,
      request_id: request.requestId,
      client_request_id: request.clientRequestId ?? null,
      address: request.address,
      action: draft.action ?? facts.action,
      target_type: draft.target.type,
      target_id: draft.target.id ?? null,
      target_name: draft.target.name ?? null,
      outcome: draft.outcome ?? facts.outcome,
      reason: draft.reason ?? null,
      count: draft.count ?? 1,
      before,
      after,
    };
  });
  return sql<{ seq: number }>`select append_audit(${actor.organizationId}, ${jsonText(entries)}::jsonb) as seq`;
}

/** Keeps only the keys that differ, when both sides are there. */
function changed(before: unknown, after: unknown): { before: unknown; after: unknown } {
  if (!isRecord(before) || !isRecord(after)) return { before, after };
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
  const pick = (from: Record<string, unknown>) => Object.fromEntries(keys.filter((key) => key in from).map((key) => [key, from[key]]));
  return { before: pick(before), after: pick(after) };
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
