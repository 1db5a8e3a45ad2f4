import "server-only";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField } from "@/lib/kernel/form-fields";
import type { RequestContext } from "@/lib/kernel/request";
import type { Tx } from "@/lib/kernel/transaction";
import { revealReason } from "./ask-reveal";
import { bindingForRun } from "./bindings";
import { lockSecret, type SecretRow } from "./find-secret";
import { revealsNeedSecond } from "./list-reveals";
import { withOwner } from "./queries";
import { recordUse, runOfClient, stepOfRun, type UseOf } from "./record-use";
import { spendApproval } from "./spend-approval";
import { placeOf, readVersion } from "./versions";

// The ways by which a value leaves: to a run that it is bound to, to its owner's client, and by a reveal with a reason. Each is an entry of
// the trail and a row of the ledger in the transaction that opens the value.

const asked = z.strictObject({ id: z.uuid() });

/**
 * The values for a run's token where the secret is bound to the run, and for the client of who made the secret (PERMISSIONS, rules 11 and
 * 12). Errors: not_found, forbidden for all others, sealed, conflict when the version was destroyed.
 */
export const readSecretByClient = defineCommand({
  name: "secret.read",
  permission: "secret:read-value",
  input: asked,
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: async ({ tx, actor, target: { secret }, request, now, workspace }) => {
    const page = `/${workspace.slug}/secrets/${secret.id}`;
    const isOrganizations = secret.organization_secret_id !== null;
    const reveal = isOrganizations ? page : `Reveal it in the browser, with a reason: ${page}`;
    if (actor.workload) {
      const { runId } = actor.workload;
      const binding = await bindingForRun(tx, runId, secret.id);
      if (!binding)
        throw new AppError("forbidden", `The secret ${secret.name} is not bound to this run’s stack, its components, its pipeline or a step of it.`, {
          fix: `Bind it to one of them. ${reveal}`,
          reason: "not_bound",
        });
      const stepRunId = await stepOfRun(tx, runId, binding.step);
      return toClient(tx, secret, opened(tx, actor, secret, request, now, { purpose: "run", runId, stepRunId, bindingId: binding.id, exactness: "exact" }));
    }
    if (isOrganizations)
      throw new AppError("forbidden", `The secret ${secret.name} is the organization’s: its values go to runs that it is bound to, and to nobody’s client.`, {
        fix: `Bind it to a stack, a component, a pipeline or a step: ${page}`,
        reason: "organizations_secret",
      });
    if (secret.created_by !== actor.id)
      throw new AppError("forbidden", `The values of the secret ${secret.name} go to the client of who made it, and to runs that it is bound to.`, {
        fix: reveal,
        reason: "not_owner",
      });
    const runId = await runOfClient(tx, actor, request);
    return toClient(tx, secret, opened(tx, actor, secret, request, now, { purpose: "client", ...(runId ? { runId, exactness: "inferred" as const } : {}) }));
  },
});

/** The values for a person who says why; where the workspace wants a second person, with their approval, which is spent. Errors: as above. */
export const revealSecret = defineCommand({
  name: "secret.revealed",
  permission: "secret:read-value",
  /** Where a second person has approved, the reason is the one that they read. */
  input: asked.extend({ reason: revealReason.optional(), isApproved: booleanField.default(false) }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id),
  run: async ({ tx, actor, input: { reason, isApproved }, target: { secret }, request, now }) => {
    if (actor.workload) throw new AppError("forbidden", "A run reveals nothing to itself: it reads what is bound to it.", { reason: "outside_run" });
    const needsSecond = secret.private_to === null && (await revealsNeedSecond(tx, secret.workspace_id));
    if (isApproved || needsSecond) {
      const approval = await spendApproval(tx, actor, secret, now);
      return opened(tx, actor, secret, request, now, { purpose: "reveal", reason: approval.reason }, { request: approval.id, approvedBy: approval.approvedBy });
    }
    if (!reason) throw new AppError("invalid_input", "A reason is missing.", { fields: { reason: "Say in a few words what the value is needed for." } });
    return opened(tx, actor, secret, request, now, { purpose: "reveal", reason });
  },
});

async function opened(tx: Tx, actor: Actor, secret: SecretRow, request: RequestContext, now: string, use: UseOf, more: Record<string, string> = {}) {
  const values = await readVersion(tx, actor.organizationId, placeOf(secret));
  await recordUse(tx, actor, secret, request, now, use);
  return {
    result: { values, version: secret.version },
    audit: {
      target: { type: "secret", id: secret.id, name: secret.name, projectId: actor.workload?.projectId ?? null },
      after: { version: secret.version, keys: secret.key_names, ...(use.runId ? { run: use.runId, exactness: use.exactness } : {}), ...more },
      ...(use.reason ? { reason: use.reason } : {}),
    },
  };
}

/** A client is told of the secret as of any, in the transaction that opened it. */
async function toClient(tx: Tx, secret: SecretRow, opening: ReturnType<typeof opened>) {
  const { result, audit } = await opening;
  return { result: { ...result, view: await withOwner(tx, secret) }, audit };
}
