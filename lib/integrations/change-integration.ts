import "server-only";
import { z } from "zod";
import { requireUnchanged } from "@/lib/components/find-component";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField, descriptionField, jsonField, momentField, wholeField } from "@/lib/kernel/form-fields";
import type { RequestContext } from "@/lib/kernel/request";
import type { Tx } from "@/lib/kernel/transaction";
import { changedKeys, mergeValues } from "@/lib/secrets/merge-values";
import { type SecretValues, valuesChange } from "@/lib/secrets/schema";
import { organizationPlace, readVersion, writeOrganizationVersion } from "@/lib/secrets/versions";
import { chosenWorkspaces, type IntegrationRow, type KnownWorkspace, lockIntegration } from "./find-integration";
import { settlePlacements } from "./place";
import { workspacesField, workspaceWords } from "./schema";

// Changes a secret of the organization. New values are a new version; every workspace that may use it has it in the same moment.

const base = { id: z.uuid(), basedOn: z.string().optional() };

/** Gives keys new values, adds and removes some. Errors: not_found, conflict, invalid_input for what doesn't fit, forbidden to send keys that stay elsewhere, sealed. */
export const rotateIntegration = defineCommand({
  name: "integration.rotated",
  permission: "integration:update",
  input: z.strictObject({ ...base, patch: jsonField(valuesChange), expiresAt: momentField }),
  scope: ({ tx, actor, input }) => lockIntegration(tx, actor, input.id),
  run: async ({ tx, actor, input: { basedOn, patch, expiresAt }, target: { integration }, request, now }) => {
    requireUnchanged(integration, basedOn);
    const old = await readVersion(tx, actor.organizationId, organizationPlace(integration.id, integration.version));
    // Who looks after it reads no values: keys that stay go nowhere else.
    const values = mergeValues({ kind: integration.kind, mayRead: false }, old, { patch });
    const changed = changedKeys(old, values);
    if (changed.length === 0) return { result: { id: integration.id, version: integration.version }, audit: UNCHANGED };
    return newVersion(tx, { actor, request, now }, integration, { values, expires_at: expiresAt ?? integration.expires_at }, { valuesChanged: changed });
  },
});

/** Writes the values of an earlier version as a new one. Errors: not_found, conflict for the one that holds and for one that was destroyed, sealed. */
export const restoreIntegrationVersion = defineCommand({
  name: "integration.version-restored",
  permission: "integration:update",
  input: z.strictObject({ id: z.uuid(), version: wholeField }),
  scope: ({ tx, actor, input }) => lockIntegration(tx, actor, input.id),
  run: async ({ tx, actor, input: { version }, target: { integration }, request, now }) => {
    if (version === integration.version) throw new AppError("conflict", `Version ${version} is the one that holds.`, { reason: "is_current" });
    const values = await readVersion(tx, actor.organizationId, organizationPlace(integration.id, version));
    return newVersion(tx, { actor, request, now }, integration, { values, restoredFrom: version }, { restoredFrom: version });
  },
});

type By = { actor: Actor; request: RequestContext; now: string };
type Written = { values: SecretValues; restoredFrom?: number; expires_at?: string | null };

/** The next version, here and in every workspace. */
async function newVersion(tx: Tx, { actor, request, now }: By, before: IntegrationRow, { values, restoredFrom, ...rest }: Written, said: object) {
  const change = { ...rest, version: before.version + 1, key_names: Object.keys(values), rotated_at: now, updated_at: now };
  const after = { ...before, ...change };
  await tx.updateTable("organization_secret").set(change).where("id", "=", before.id).execute();
  const written = { organizationId: actor.organizationId, values, createdBy: actor.id, requestId: request.requestId, restoredFrom };
  await writeOrganizationVersion(tx, before.id, after.version, written);
  const facts = ({ version, key_names: keys, expires_at: expiresAt }: IntegrationRow) => ({ version, keys, expiresAt });
  const target = { type: "integration", id: before.id, name: before.name };
  return {
    result: { id: before.id, version: after.version },
    audit: [
      { target, before: facts(before), after: { ...facts(after), ...said } },
      ...(await settlePlacements(tx, after, await placedIn(tx, before.id), { actorId: actor.id, requestId: request.requestId, now })),
    ],
  };
}

/** The workspaces that it is in now. */
export async function placedIn(tx: Tx, id: string): Promise<string[]> {
  const rows = await tx.selectFrom("secret").select("workspace_id").where("organization_secret_id", "=", id).where("deleted_at", "is", null).execute();
  return rows.map((row) => row.workspace_id);
}

/** Changes what is said of it and which workspaces may use it. Errors: not_found, conflict, invalid_input for a workspace that is gone. */
export const updateIntegration = defineCommand({
  name: "integration.updated",
  permission: "integration:update",
  input: z.strictObject({
    ...base,
    description: descriptionField.nullish(),
    /** Left out it stays; empty there is none any more. */
    expiresAt: momentField,
    everywhere: booleanField.optional(),
    workspaces: workspacesField.optional(),
  }),
  scope: ({ tx, actor, input }) => lockIntegration(tx, actor, input.id),
  run: async ({ tx, actor, input, target: { integration: before, workspaces: known }, request, now }) => {
    requireUnchanged(before, input.basedOn);
    const there = await placedIn(tx, before.id);
    const everywhere = input.everywhere ?? before.everywhere;
    const workspaces = chosenWorkspaces(known, { everywhere, chosen: input.workspaces ?? there });
    const change = {
      description: input.description ?? before.description,
      expires_at: input.expiresAt === undefined ? before.expires_at : input.expiresAt,
      everywhere,
    };
    const facts = ({ description, expires_at: expiresAt }: Pick<IntegrationRow, "description" | "expires_at">, isAll: boolean, places: KnownWorkspace[]) => ({
      description,
      expiresAt,
      workspaces: workspaceWords(isAll, places),
    });
    const [was, is] = [
      facts(
        before,
        before.everywhere,
        known.filter((one) => there.includes(one.id)),
      ),
      facts(change, everywhere, workspaces),
    ];
    if (JSON.stringify(was) === JSON.stringify(is)) return { result: before.id, audit: UNCHANGED };
    await tx
      .updateTable("organization_secret")
      .set({ ...change, updated_at: now })
      .where("id", "=", before.id)
      .execute();
    const places = await settlePlacements(
      tx,
      { ...before, ...change },
      workspaces.map((one) => one.id),
      { actorId: actor.id, requestId: request.requestId, now },
    );
    const target = { type: "integration", id: before.id, name: before.name };
    return { result: before.id, audit: [{ target, before: was, after: is }, ...places] };
  },
});
