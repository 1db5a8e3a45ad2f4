import "server-only";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { type CallContext, defineCommand, execute, recordRefusal } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { ask } from "@/lib/kernel/query";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import type { Issued, Target } from "@/lib/providers/connectors/contract";
import { methodNamed, targetOf } from "./configuration";
import { type ConnectorRow, findConnector, findForUse } from "./find-connector";
import { type LedgerFacts, type Purpose, writeLedger, writeUnissued } from "./ledger";
import { lifetimeOf } from "./lifetime";
import { type OpenConnector, openForUse } from "./open-connector";
import { callOf } from "./outgoing-call";
import { asAppError, providerText } from "./provider-error";
import { requireProvider } from "./reach";
import { tidyEnded } from "./tidy-ended";

// A short-lived credential for who may use the connector. The provider is called between two transactions: one that decides and opens the
// main keys, and one that writes the entry and the ledger's row. What can't be recorded is not handed out.

export type Wish = { id: string; resourceType?: string | null; resourceId?: string | null; lifetime?: number | null; purpose: Purpose };
export type IssuedCredential = { open: OpenConnector; target: Target; issued: Issued; isCapped: boolean };

const facts = z.custom<Extract<LedgerFacts, { outcome: "issued" }>>((value) => typeof value === "object" && value !== null && "issued" in value);

type IssuedFacts = z.output<typeof facts>;

/** Writes what was issued: the row of the ledger, and what its entry in the trail says. */
export async function writeIssued(tx: Tx, actor: Actor, connector: ConnectorRow, facts: IssuedFacts, now: string) {
  const { issued, target, isCapped, purpose } = facts;
  const ledgerId = await writeLedger(tx, actor, { ...facts, connector: { id: connector.id, name: connector.name, workspaceId: connector.workspace_id } });
  await tx.updateTable("connector").set({ last_issued_at: now }).where("id", "=", connector.id).execute();
  return {
    ledgerId,
    entry: {
      target: { type: "connector", id: connector.id, name: connector.name },
      after: {
        resourceType: target.resourceType,
        resourceId: target.resourceId,
        ...(purpose === "server" ? { purpose } : {}),
        method: `${issued.type}/${issued.method}`,
        reach: issued.reach,
        until: issued.expiresAt?.toISOString() ?? null,
        ...(isCapped ? { lifeCapped: true } : {}),
        ...(issued.peerLimit ? { peerLimitSeconds: issued.peerLimit } : {}),
        ...(issued.actsAs ? { actsAs: issued.actsAs } : {}),
        ...(issued.peerRequestId ? { peerRequestId: issued.peerRequestId } : {}),
      },
    },
  };
}

/** Keeps what was issued: the entry of the trail and the row of the ledger, in one transaction that decides once more. */
export const recordIssue = defineCommand({
  name: "connector.issued",
  permission: "connector:use",
  input: z.strictObject({ id: z.uuid(), facts }),
  scope: ({ tx, actor, input }) => findForUse(tx, actor, input.id),
  run: async ({ tx, actor, input: { facts }, target: { connector }, now }) => {
    const { ledgerId, entry } = await writeIssued(tx, actor, connector, facts, now);
    return { result: ledgerId, live: [{ connectorId: connector.id }], audit: entry };
  },
});

/**
 * Issues one credential. Errors: not_found; forbidden without connector:use, for what is wider than the connector, and for a key without an
 * end where the workspace lets none leave; bad_request with what the other side refused; sealed.
 */
export async function issueCredential(context: CallContext, wish: Wish): Promise<IssuedCredential> {
  const open = await ask(openForUse, context, { id: wish.id }).catch((error) => unopened(context, wish, error));
  const { connector } = open;
  const ledger = {
    connector: { id: connector.id, name: connector.name, workspaceId: connector.workspace_id },
    secretVersion: open.secretVersion,
    purpose: wish.purpose,
    requestId: context.request.requestId,
  };
  const provider = requireProvider(connector.type);
  const asked = { resourceType: wish.resourceType ?? undefined, resourceId: wish.resourceId ?? undefined };
  let target: Target;
  try {
    target = targetOf(open, wish, { isNamed: true });
    if (!open.longLivedKeysLeave && !provider.issuesShortLived(open.connection, target)) throw keysStay(open);
  } catch (error) {
    await refuse(context, { ...ledger, target: asked, outcome: "refused", reason: reasonOf(error) }, error);
    throw error;
  }
  const { seconds, isCapped } = lifetimeOf(methodNamed(open.type, connector.method), connector.expiration_seconds, wish.lifetime ?? null);
  const session = `${context.actor.workload?.runId ?? context.actor.id}@reeve`;
  let issued: Issued;
  try {
    issued = await provider.issue(open.connection, { ...target, lifetime: seconds, session }, callOf(open.networks));
  } catch (error) {
    await writeUnissued(context, { ...ledger, target, outcome: "failed", reason: providerText(error) });
    throw asAppError(error);
  }
  const { values: _values, secretFields: _fields, ...kept } = issued;
  const isShorter = isCapped || issued.peerLimit !== undefined;
  await execute(recordIssue, context, { id: connector.id, facts: { ...ledger, target, outcome: "issued", issued: kept, isCapped: isShorter } });
  await tidyEnded(open);
  return { open, target, issued, isCapped: isShorter };
}

const keysStay = ({ connector }: OpenConnector) =>
  new AppError(
    "forbidden",
    `The method ${connector.method} has no short-lived credentials for this, and the main keys of connectors don’t leave this workspace.`,
    {
      fix: "Register it with a method that issues short-lived ones, or let a Workspace Admin allow long-lived keys to leave.",
      reason: "long_lived_key",
    },
  );

const reasonOf = (error: unknown): string => (error instanceof AppError ? (error.reason ?? error.code) : "internal");

/** Refusals by a rule are entries like those by a role. */
async function refuse(context: CallContext, facts: LedgerFacts, error: unknown): Promise<void> {
  await writeUnissued(context, facts);
  if (!(error instanceof AppError) || error.code !== "forbidden") return;
  const { id, name, workspaceId } = facts.connector;
  await recordRefusal(context, recordIssue.name, error, { workspaceId, thing: { type: "connector", id, name } });
}

/** Who may not use the connector: the trail has the refusal already, and the ledger gets it. */
async function unopened(context: CallContext, wish: Wish, error: unknown): Promise<never> {
  if (error instanceof AppError && error.code === "forbidden" && context.workspace) {
    const found = await inScope([context.workspace.id], (tx) => findConnector(tx, wish.id)).catch(() => null);
    if (found)
      await writeUnissued(context, {
        connector: { id: found.connector.id, name: found.connector.name, workspaceId: found.connector.workspace_id },
        secretVersion: null,
        purpose: wish.purpose,
        target: { resourceType: wish.resourceType ?? undefined, resourceId: wish.resourceId ?? undefined },
        requestId: context.request.requestId,
        outcome: "refused",
        reason: reasonOf(error),
      });
  }
  throw error;
}
