import "server-only";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { wholeField } from "@/lib/kernel/form-fields";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { emptyEarlier, emptyVersions } from "@/lib/secrets/empty-versions";
import { placedIn } from "./change-integration";
import { type IntegrationRow, lockIntegration, requireFreeName } from "./find-integration";
import { settlePlacements } from "./place";
import { workspaceWords } from "./schema";

// Deleting takes a secret of the organization out of every workspace; bringing it back gives it to those again that had it. Destroying ends values for good.

const VERSIONS = "organization_secret_version";
const named = ({ id, name }: IntegrationRow) => ({ target: { type: "integration", id, name } });
const facts = ({ name, key_names: keys, version }: IntegrationRow) => ({ name, keys, version });

/** Deletes it; nobody can use it from then on. Errors: not_found, invalid_input for a wrong typed name. */
export const deleteIntegration = defineCommand({
  name: "integration.deleted",
  permission: "integration:delete",
  input: z.strictObject({ id: z.uuid(), typedName: z.string() }),
  scope: ({ tx, actor, input }) => lockIntegration(tx, actor, input.id),
  run: async ({ tx, actor, input, target: { integration, workspaces }, request, now }) => {
    requireTypedName(input.typedName, integration.name);
    const there = await placedIn(tx, integration.id);
    await tx.updateTable("organization_secret").set({ deleted_at: now, deleted_by: actor.id, updated_at: now }).where("id", "=", integration.id).execute();
    const taken = await settlePlacements(tx, integration, [], { actorId: actor.id, requestId: request.requestId, now });
    const places = workspaceWords(
      integration.everywhere,
      workspaces.filter((one) => there.includes(one.id)),
    );
    return { result: null, audit: [{ ...named(integration), before: { ...facts(integration), workspaces: places } }, ...taken] };
  },
});

/** Brings it back to the workspaces that it was in. Errors: not_found, conflict when its name was taken meanwhile. */
export const undeleteIntegration = defineCommand({
  name: "integration.undeleted",
  permission: "integration:delete",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, actor, input }) => lockIntegration(tx, actor, input.id, { isDeleted: true }),
  run: async ({ tx, actor, target: { integration, workspaces }, request, now }) => {
    await requireFreeName(tx, actor.organizationId, integration.name);
    const had = await tx
      .selectFrom("secret")
      .select("workspace_id")
      .where("organization_secret_id", "=", integration.id)
      .where("deleted_at", "=", integration.deleted_at)
      .execute();
    const back = workspaces.filter((one) => integration.everywhere || had.some((row) => row.workspace_id === one.id));
    await tx.updateTable("organization_secret").set({ deleted_at: null, deleted_by: null, updated_at: now }).where("id", "=", integration.id).execute();
    const placed = await settlePlacements(
      tx,
      integration,
      back.map((one) => one.id),
      { actorId: actor.id, requestId: request.requestId, now },
    );
    const after = { ...facts(integration), workspaces: workspaceWords(integration.everywhere, back) };
    return { result: integration.id, audit: [{ ...named(integration), after }, ...placed] };
  },
});

/** Destroys all values of a deleted one for good; names, versions and uses stay. Errors: not_found, invalid_input for a wrong typed name. */
export const destroyIntegration = defineCommand({
  name: "integration.destroyed",
  permission: "integration:delete",
  input: z.strictObject({ id: z.uuid(), typedName: z.string() }),
  scope: ({ tx, actor, input }) => lockIntegration(tx, actor, input.id, { isDeleted: true }),
  run: async ({ tx, input, target: { integration }, now }) => {
    requireTypedName(input.typedName, integration.name);
    const versions = await emptyVersions(tx, VERSIONS, integration.id, now);
    return { result: null, audit: { ...named(integration), before: { ...facts(integration), versions }, after: { versions: [] } } };
  },
});

/** Destroys the values of one earlier version for good. Errors: not_found, conflict for the one that holds and for one that was destroyed, invalid_input. */
export const destroyIntegrationVersion = defineCommand({
  name: "integration.version-destroyed",
  permission: "integration:delete",
  input: z.strictObject({ id: z.uuid(), version: wholeField, typedName: z.string() }),
  scope: ({ tx, actor, input }) => lockIntegration(tx, actor, input.id),
  run: async ({ tx, input: { version, typedName }, target: { integration }, now }) => {
    requireTypedName(typedName, integration.name);
    const keys = await emptyEarlier(tx, VERSIONS, integration, version, now);
    return { result: null, audit: { ...named(integration), before: { version, keys, values: "set" }, after: { version, keys, values: "destroyed" } } };
  },
});
