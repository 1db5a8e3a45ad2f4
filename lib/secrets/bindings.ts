import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { AuditDraft } from "@/lib/audit/record";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";

// What a secret is bound to. A binding is an interval: it is opened once, closed once, and stays. The entries of the trail that opened and
// closed it are those of the requests that it names (docs/decisions/0032).

export const BINDING_KINDS = ["stack", "component", "pipeline", "step"] as const;
export type BindingKind = (typeof BINDING_KINDS)[number];
/** `attached`: somebody bound it. `reference`: a component's configuration refers to it by name. `code`: the code of a snapshot names it. */
export type BindingPath = "attached" | "reference" | "code";

export type BindingTarget = { kind: BindingKind; id: string; name: string; step?: string | null; projectId?: string | null };
/** Who changes bindings, in which request, when. */
export type Change = { actorId: string; requestId: string; now: string };
export type BoundSecret = { id: string; workspace_id: string; name: string };

const KIND_WORDS: Record<BindingKind, string> = { stack: "stack", component: "component", pipeline: "pipeline", step: "step" };

/** "step load of the pipeline train", "stack default". */
export const targetWords = ({ kind, name, step }: Pick<BindingTarget, "kind" | "name" | "step">): string =>
  kind === "step" ? `step ${step} of the pipeline ${name}` : `${KIND_WORDS[kind]} ${name}`;

/** The entry of a binding that opened or closed; it stands in the secret's own trail. */
export const bindingEntry = (action: "secret.bound" | "secret.unbound", secret: BoundSecret, target: BindingTarget, path: BindingPath): AuditDraft => ({
  action,
  target: { type: "secret", id: secret.id, name: secret.name, projectId: target.projectId ?? null },
  [action === "secret.bound" ? "after" : "before"]: { boundTo: targetWords(target), path, thing: target.id },
});

type New = { secret: BoundSecret; target: BindingTarget; path: BindingPath; fields?: readonly string[] };

/** Opens a binding; undefined when it is open already. */
export async function openBinding(tx: Tx, { secret, target, path, fields = [] }: New, { actorId, requestId, now }: Change): Promise<AuditDraft | undefined> {
  const opened = await tx
    .insertInto("secret_binding")
    .values({
      id: newId(),
      workspace_id: secret.workspace_id,
      secret_id: secret.id,
      kind: target.kind,
      target_id: target.id,
      target_name: target.name,
      step: target.kind === "step" ? (target.step ?? null) : null,
      path,
      fields: [...fields],
      opened_by: actorId,
      opened_request_id: requestId,
      valid_from: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return opened && bindingEntry("secret.bound", secret, target, path);
}

type Closing = { ids?: readonly string[]; targetId?: string; secretId?: string };

/** Closes the open bindings that fit, and gives an entry for each. */
export async function closeBindings(tx: Tx, which: Closing, { actorId, requestId, now }: Change): Promise<AuditDraft[]> {
  if (which.ids?.length === 0) return [];
  const closed = await tx
    .updateTable("secret_binding as b")
    .from("secret as s")
    .set({ valid_to: sql<string>`greatest(b.valid_from, ${now}::timestamptz)`, closed_by: actorId, closed_request_id: requestId })
    .whereRef("s.id", "=", "b.secret_id")
    .where("b.valid_to", "is", null)
    .$if(which.ids !== undefined, (query) => query.where("b.id", "in", [...(which.ids ?? [])]))
    .$if(which.targetId !== undefined, (query) => query.where("b.target_id", "=", which.targetId as string))
    .$if(which.secretId !== undefined, (query) => query.where("b.secret_id", "=", which.secretId as string))
    .returning(["b.kind", "b.target_id", "b.target_name", "b.step", "b.path", "s.id", "s.workspace_id", "s.name"])
    .execute();
  return closed.map((row) =>
    bindingEntry("secret.unbound", row, { kind: row.kind as BindingKind, id: row.target_id, name: row.target_name, step: row.step }, row.path as BindingPath),
  );
}

/** Opens again what the deletion of a secret closed, where it still stands. */
export async function reopenBindings(tx: Tx, secret: BoundSecret, deletedAt: string, change: Change): Promise<AuditDraft[]> {
  const { rows } = await sql<{ kind: BindingKind; target_id: string; target_name: string; step: string | null; path: BindingPath; fields: string[] }>`
    select b.kind, b.target_id, b.target_name, b.step, b.path, b.fields from secret_binding b where b.secret_id = ${secret.id} and b.valid_to = ${deletedAt}
      and (exists (select 1 from stack t where t.id = b.target_id) or exists (select 1 from component t where t.id = b.target_id)
        or exists (select 1 from pipeline t where t.id = b.target_id))`.execute(tx);
  const entries: AuditDraft[] = [];
  for (const { kind, target_id: id, target_name: name, step, path, fields } of rows) {
    const entry = await openBinding(tx, { secret, target: { kind, id, name, step }, path, fields }, change);
    if (entry) entries.push(entry);
  }
  return entries;
}

/** SQL: a binding `b` by code holds for runs `r` of the snapshots whose code names the secret there, and for a run whose own step names it. */
export const NAMED_BY_SNAPSHOT = sql<SqlBool>`(b.path <> 'code' or exists (select 1 from snapshot_secret g
  where g.snapshot_id = r.snapshot_id and g.secret_id = b.secret_id and g.step is not distinct from b.step and (g.run_id is null or g.run_id = r.id)))`;

/** SQL: the binding `b` reaches the run `r` as both are now, or, with `part`, by what its stack then was made of. */
export const reaches = (component: RawBuilder<SqlBool>): RawBuilder<SqlBool> => sql<SqlBool>`(
  (b.kind = 'stack' and b.target_id = r.stack_id) or (b.kind = 'pipeline' and b.target_id = r.pipeline_id and ${NAMED_BY_SNAPSHOT}) or (b.kind = 'component' and ${component})
  or (b.kind = 'step' and b.target_id = r.pipeline_id and ${NAMED_BY_SNAPSHOT}
    and (r.is_dynamic or exists (select 1 from snapshot_step n where n.snapshot_id = r.snapshot_id and n.name = b.step))))`;

/** SQL: the secret `q` is one of the run's project, or of the whole workspace: whatever it is bound to, a project's secret leaves it never. */
export const IN_PROJECT = sql<SqlBool>`(q.project_id is null or q.project_id = r.project_id)`;

/** SQL: of such secrets what the run may have now: a private one only where its owner posted the run, whoever else may ask for the run's token. */
const FOR_RUN = sql<SqlBool>`(${IN_PROJECT} and (q.private_to is null or q.private_to = r.created_by))`;

const IN_STACK_NOW = sql<SqlBool>`exists (select 1 from stack_component c where c.stack_id = r.stack_id and c.component_id = b.target_id)`;

/** A condition that holds for the secrets that are bound to the run now (PERMISSIONS, rule 11). `secretId` names the column. */
export const boundToRun = (runId: string, secretId: string): RawBuilder<SqlBool> => sql<SqlBool>`exists (
  select 1 from secret_binding b join run r on r.id = ${runId} join secret q on q.id = b.secret_id and ${FOR_RUN} where b.secret_id = ${sql.ref(secretId)} and b.valid_to is null and ${reaches(IN_STACK_NOW)})`;

/** By which binding the run may use the secret now; a wider one first. Undefined when by none. */
export async function bindingForRun(tx: Tx, runId: string, secretId: string): Promise<{ id: string; step: string | null } | undefined> {
  const { rows } = await sql<{
    id: string;
    step: string | null;
  }>`select b.id, b.step from secret_binding b join run r on r.id = ${runId} join secret q on q.id = b.secret_id and ${FOR_RUN}
    where b.secret_id = ${secretId} and b.valid_to is null and ${reaches(IN_STACK_NOW)} order by b.step is null, b.valid_from, b.id limit 1`.execute(tx);
  return rows[0];
}
