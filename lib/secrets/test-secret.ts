import "server-only";
import { z } from "zod";
import { type CallContext, defineCommand, execute } from "@/lib/kernel/command";
import { jsonField } from "@/lib/kernel/form-fields";
import type { Tx } from "@/lib/kernel/transaction";
import { findProject } from "@/lib/projects/find-project";
import { networksOf } from "@/lib/workspaces/networks-of";
import { findSecret, lockSecret } from "./find-secret";
import { TEST_OUTCOMES, type TestAnswer } from "./kind-schema";
import { requireKind, testable, testValues } from "./kinds";
import { recordUse } from "./record-use";
import { SECRET_KINDS, type SecretValues, secretValues, valuesChange } from "./schema";
import { mergedValues } from "./update-secret";
import { placeOf, readVersion } from "./versions";

// "Test it": one call outside that reads and changes nothing. The use is written before the call, in the transaction that opens the values; nothing waits for
// the other side with a transaction open. What came of it is an entry of its own, and never holds a value.

const outcome = { outcome: z.enum(TEST_OUTCOMES), words: z.string().max(500) };

/** Opens the values of a saved secret for its test, with the changes that a form has. Errors: not_found, forbidden, invalid_input, sealed. */
export const openToTest = defineCommand({
  name: "secret.tested",
  permission: "secret:update",
  input: z.strictObject({ id: z.uuid(), patch: jsonField(valuesChange).nullish() }),
  scope: ({ tx, actor, input }) => lockSecret(tx, actor, input.id),
  run: async ({ tx, actor, input: { patch }, target: { secret }, request, now }) => {
    testable(secret.kind);
    const stored = await readVersion(tx, actor.organizationId, placeOf(secret));
    const isChanged = Boolean(patch && Object.keys(patch).length > 0);
    const values = mergedValues(secret, actor, stored, { patch });
    await recordUse(tx, actor, secret, request, now, { purpose: "test" });
    return {
      result: { kind: secret.kind, values, version: isChanged ? null : secret.version, networks: await networksOf(tx, secret.workspace_id) },
      audit: {
        target: { type: "secret", id: secret.id, name: secret.name },
        after: { kind: secret.kind, version: secret.version, ...(isChanged ? { with: Object.keys(patch ?? {}) } : {}) },
      },
    };
  },
});

/** Keeps what came of a test of what is saved. Error: not_found. */
export const recordTest = defineCommand({
  name: "secret.test-answered",
  permission: "secret:update",
  /** `version`: the version that was tested as it is saved; null for one with changes. */
  input: z.strictObject({ id: z.uuid(), version: z.number().int().nullable(), ...outcome }),
  scope: ({ tx, actor, input }) => findSecret(tx, actor, input.id),
  run: async ({ tx, input: { version, outcome, words }, target: { secret }, now }) => {
    if (version !== null)
      await tx
        .updateTable("secret")
        .set({ tested_at: now, tested_version: version, test_outcome: outcome, test_words: words })
        .where("id", "=", secret.id)
        .execute();
    return { result: null, audit: { target: { type: "secret", id: secret.id, name: secret.name }, after: { outcome, words, version } } };
  },
});

/** Tests a saved secret, or what a form would make of it. What goes wrong outside is the answer. Errors: as of `openToTest`. */
export async function testSecret(context: CallContext, asked: { id: string; patch?: unknown }): Promise<TestAnswer> {
  const { kind, values, networks, version } = await execute(openToTest, context, asked);
  const answer = await testValues(kind, values, networks);
  await execute(recordTest, context, { id: asked.id, version, ...answer });
  return answer;
}

/** The name of the project that the secret will be of, where it is to be one's: who may make it there may try it. */
const project = z.string().nullish();
async function placeOfTrial(tx: Tx, workspaceId: string, named: string | null | undefined, ownerId: string) {
  return { workspaceId, projectId: named ? (await findProject(tx, workspaceId, named)).id : null, ownerId };
}

/** Notes that values which are no secret yet are tried, before they are. Errors: forbidden, invalid_input. */
export const tryNewValues = defineCommand({
  name: "secret.values-tried",
  permission: "secret:create",
  input: z.strictObject({ kind: z.enum(SECRET_KINDS), values: jsonField(secretValues), project }),
  scope: ({ tx, actor, input, workspace }) => placeOfTrial(tx, workspace.id, input.project, actor.id),
  run: async ({ tx, input: { kind, values }, target: { projectId }, workspace }) => {
    testable(kind);
    requireKind(kind, values);
    return {
      result: { kind, values: values as SecretValues, networks: await networksOf(tx, workspace.id) },
      audit: { target: { type: "secret", projectId }, after: { kind, keys: Object.keys(values) } },
    };
  },
});

/** Keeps what came of it. */
export const recordTrial = defineCommand({
  name: "secret.values-answered",
  permission: "secret:create",
  input: z.strictObject({ kind: z.enum(SECRET_KINDS), ...outcome, project }),
  scope: ({ tx, actor, input, workspace }) => placeOfTrial(tx, workspace.id, input.project, actor.id),
  run: async ({ input: { project: _place, ...answer }, target: { projectId } }) => ({
    result: null,
    audit: { target: { type: "secret", projectId }, after: answer },
  }),
});

/** Tests what a form says, without keeping any value. Errors: as of `tryNewValues`. */
export async function testNewSecret(context: CallContext, asked: { kind?: string; values?: unknown; project?: string }): Promise<TestAnswer> {
  const { project } = asked;
  const { kind, values, networks } = await execute(tryNewValues, context, { kind: asked.kind, values: asked.values, project });
  const answer = await testValues(kind, values, networks);
  await execute(recordTrial, context, { kind, ...answer, project });
  return answer;
}
