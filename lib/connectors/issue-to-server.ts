import "server-only";
import { sql } from "kysely";
import { recordAudit } from "@/lib/audit/record";
import type { CallContext, Workspace } from "@/lib/kernel/command";
import type { AppError } from "@/lib/kernel/errors";
import { noteRefusedRead } from "@/lib/kernel/refused-reads";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import type { Issued, Target } from "@/lib/providers/connectors/contract";
import { methodNamed, targetOf } from "./configuration";
import { findConnector } from "./find-connector";
import { recordIssue, writeIssued } from "./issue-credential";
import { writeUnissued } from "./ledger";
import { lifetimeOf } from "./lifetime";
import { type OpenConnector, openedOf } from "./open-connector";
import { callOf } from "./outgoing-call";
import { asAppError, providerText } from "./provider-error";
import { requireProvider } from "./reach";
import { tidyEnded } from "./tidy-ended";

// What a connector issues to Reeve itself, to read for somebody what lies behind it: an artifact, a log. The reader needs the right to what is
// read, which was decided before, and none to the connector: the credential never leaves this process. It is an entry and a row of the ledger
// in the reader's name all the same. One reader's credential serves his next reads of the same resource until it ends, for a quarter of an hour.

const SECONDS = 900;
/** Not used in its last minute: a call that begins with it has to end with it. */
const SPARE_MS = 60_000;
const KEPT = 500;

export type ForServer = { connectorId: string; resourceType: string; resourceId: string };
type Here = CallContext & { workspace: Workspace };
type Made = { issued: Issued; ledgerId: string };
type Kept = { stamp: string; until: number; made: Promise<Made> };

// Next bundles several copies of this module into one process.
const shared = globalThis as unknown as { reeveServerCredentials?: Map<string, Kept> };
shared.reeveServerCredentials ??= new Map();
const kept = shared.reeveServerCredentials;

/**
 * A credential of the connector for one resource, in the reader's name; `isKept` for one that served before, which `isFresh` passes over. Errors: not_found; forbidden for what
 * is wider than the connector; bad_request with what the other side refused; sealed.
 */
export async function issueToServer(context: Here, wanted: ForServer, { isFresh = false } = {}): Promise<{ issued: Issued; isKept: boolean }> {
  const key = [context.actor.id, context.actor.workload?.runId, context.workspace.id, ...Object.values(wanted)].join(" ");
  const known = kept.get(key);
  const ledgerId = known && (await known.made.catch(() => null))?.ledgerId;
  const { stamp, isRevoked } = await inScope([context.workspace.id], (tx) => stateOf(tx, wanted.connectorId, ledgerId ?? null));
  if (known && !isFresh && !isRevoked && known.stamp === stamp && known.until > Date.now()) return { issued: (await known.made).issued, isKept: true };
  const made = issue(context, wanted);
  const entry: Kept = { stamp, until: Date.now() + SECONDS * 1_000 - SPARE_MS, made };
  kept.delete(key);
  kept.set(key, entry);
  for (const oldest of kept.keys()) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  try {
    const { issued } = await made;
    if (issued.expiresAt) entry.until = Math.min(entry.until, issued.expiresAt.getTime() - SPARE_MS);
    return { issued, isKept: false };
  } catch (error) {
    if (kept.get(key) === entry) kept.delete(key);
    throw error;
  }
}

/** What a kept credential was issued by (another configuration or key is another connector), and whether it was ended since. Error: not_found. */
async function stateOf(tx: Tx, connectorId: string, ledgerId: string | null): Promise<{ stamp: string; isRevoked: boolean }> {
  const { connector } = await findConnector(tx, connectorId);
  const { secret_id: secretId, updated_at: changed } = connector;
  const secret = secretId ? await tx.selectFrom("secret").select("version").where("id", "=", secretId).executeTakeFirst() : undefined;
  const row = ledgerId ? await tx.selectFrom("connector_issue").select(["revoked_at", "revoking_at"]).where("id", "=", ledgerId).executeTakeFirst() : undefined;
  const lives = row?.revoked_at === null && row.revoking_at === null;
  return { stamp: `${changed} ${secret?.version ?? ""}`, isRevoked: ledgerId !== null && !lives };
}

async function issue(context: Here, { connectorId, resourceType, resourceId }: ForServer): Promise<Made> {
  const { actor, workspace, request } = context;
  const open: OpenConnector = await inScope([workspace.id], async (tx) => openedOf(tx, actor.organizationId, (await findConnector(tx, connectorId)).connector));
  const { connector } = open;
  const facts = {
    connector: { id: connector.id, name: connector.name, workspaceId: connector.workspace_id },
    secretVersion: open.secretVersion,
    purpose: "server" as const,
    requestId: request.requestId,
  };
  let target: Target;
  try {
    target = targetOf(open, { resourceType, resourceId }, { isNamed: true });
  } catch (error) {
    const { id, name, workspaceId } = facts.connector;
    if (await noteRefusedRead(context, recordIssue.name, error, { workspaceId, thing: { type: "connector", id, name } }))
      await writeUnissued(context, { ...facts, target: { resourceType, resourceId }, outcome: "refused", reason: (error as AppError).reason ?? "forbidden" });
    throw error;
  }
  const { seconds } = lifetimeOf(methodNamed(open.type, connector.method), connector.expiration_seconds, SECONDS);
  let issued: Issued;
  try {
    const session = `${actor.workload?.runId ?? actor.id}@reeve`;
    issued = await requireProvider(connector.type).issue(open.connection, { ...target, lifetime: seconds, session }, callOf(open.networks));
  } catch (error) {
    await writeUnissued(context, { ...facts, target, outcome: "failed", reason: providerText(error) });
    throw asAppError(error);
  }
  const { values: _values, secretFields: _fields, ...said } = issued;
  const isCapped = issued.peerLimit !== undefined;
  const ledgerId = await inScope([workspace.id], async (tx) => {
    const written = await writeIssued(tx, actor, connector, { ...facts, target, outcome: "issued", issued: said, isCapped }, new Date().toISOString());
    await sql`select pg_notify('reeve_event', ${JSON.stringify({ connectorId })})`.execute(tx);
    await recordAudit(tx, { actor, request, workspaceId: workspace.id, action: recordIssue.name, outcome: "allowed" }, [written.entry]);
    return written.ledgerId;
  });
  await tidyEnded(open);
  return { issued, ledgerId };
}
