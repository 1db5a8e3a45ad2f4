import "server-only";
import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { findSecret, visibleSecrets } from "./find-secret";
import type { BindingChoices, BindingRow, LaneKind, ThingSecret } from "./ledger-schema";

type Row = {
  id: string;
  kind: LaneKind;
  target_id: string;
  name: string;
  step: string | null;
  path: "attached" | "reference" | "code";
  fields: string[];
  project: string | null;
  valid_from: string;
  by: string | null;
  by_kind: string | null;
  workspace: string;
};

/** What the secret is bound to now; a pipeline that the reader may not see is named and no more (PERMISSIONS, rule 5). Error: not_found. */
export const listBindings = defineQuery({
  name: "secret.bindings",
  permission: "secret:read",
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, actor, input }) => findSecret(tx, actor, input.id, { takesOrganizations: true }),
  run: ({ tx, actor, input }): Promise<BindingRow[]> => readBindings(tx, actor, sql`= ${input.id}`),
});

/** The open bindings, at most 500, of the secrets that `which` says of their id; all of them are the reader's to know. */
export async function readBindings(tx: Tx, actor: Actor, which: RawBuilder<unknown>): Promise<BindingRow[]> {
  const visible = visibleTo(actor, "pipeline:read", { workspaceId: "p.workspace_id", projectId: "p.project_id", ownerId: "p.created_by", thingId: "p.id" });
  const { rows } = await sql<Row>`
    select b.id, b.kind, b.target_id, coalesce(s.name, c.name, p.name, b.target_name) as name, b.step, b.path, b.fields, j.name as project, b.valid_from,
      coalesce(nullif(u.full_name, ''), u.name) as by, u.kind as by_kind, w.slug as workspace
    from secret_binding b join workspace w on w.id = b.workspace_id left join stack s on s.id = b.target_id left join component c on c.id = b.target_id
      left join pipeline p on p.id = b.target_id left join project j on j.id = p.project_id and ${visible} left join principal u on u.id = b.opened_by
    where b.secret_id ${which} and b.valid_to is null order by w.slug, b.kind desc, 4, b.step limit 500`.execute(tx);
  return rows.map(({ by, by_kind, target_id, valid_from, ...row }) => ({
    ...row,
    targetId: target_id,
    since: valid_from,
    by: by ? { name: by, kind: by_kind ?? "user" } : null,
  }));
}

/** The secrets that are bound to a stack, a component or a pipeline, as the reader may know of them. Error: not_found. */
export const listSecretsOf = defineQuery({
  name: "secret.of-thing",
  permission: "secret:read",
  input: z.strictObject({ kind: z.enum(["stack", "component"]), targetId: z.uuid() }),
  scope: async ({ tx, input }) => {
    const row = await tx.selectFrom(input.kind).select(["workspace_id", "created_by"]).where("id", "=", input.targetId).executeTakeFirst();
    if (!row) throw new AppError("not_found", `There is no ${input.kind} ${input.targetId} here.`);
    return { workspaceId: row.workspace_id, ownerId: row.created_by };
  },
  run: async ({ tx, actor, input }): Promise<ThingSecret[]> => {
    const { rows } = await sql<Omit<ThingSecret, "bindingId" | "lastUsedAt"> & { binding_id: string; last_used_at: string | null }>`
      select b.id as binding_id, s.id, s.name, b.path, b.fields, b.step, s.last_used_at from secret_binding b join secret s on s.id = b.secret_id
      where b.target_id = ${input.targetId} and b.valid_to is null and ${visibleSecrets(actor)} order by s.name, b.path limit 500`.execute(tx);
    return rows.map(({ binding_id: bindingId, last_used_at: lastUsedAt, ...row }) => ({ ...row, bindingId, lastUsedAt }));
  },
});

type Choice = BindingChoices["stacks"][number];

/** What a secret can be bound to by the actor: what they may change. */
export const listBindingChoices = defineQuery({
  name: "secret.binding-choices",
  permission: "secret:read",
  input: z.strictObject({}),
  run: async ({ tx, actor, workspace }): Promise<BindingChoices> => {
    const columns = { workspaceId: "t.workspace_id", ownerId: "t.created_by", thingId: "t.id" };
    const inWorkspace = sql`t.workspace_id = ${workspace?.id ?? null}`;
    const named = async (table: "stack" | "component"): Promise<Choice[]> => {
      const { rows } = await sql<Choice>`select t.id, t.name from ${sql.table(table)} t
        where ${inWorkspace} and ${visibleTo(actor, `${table}:update`, columns)} order by t.name, t.id limit 1000`.execute(tx);
      return rows;
    };
    return {
      stacks: await named("stack"),
      components: await named("component"),
      pipelines: await pipelines(tx, inWorkspace, visibleTo(actor, "pipeline:update", { ...columns, projectId: "t.project_id" })),
    };
  },
});

async function pipelines(tx: Tx, inWorkspace: ReturnType<typeof sql>, visible: ReturnType<typeof visibleTo>): Promise<BindingChoices["pipelines"]> {
  const { rows } = await sql<Choice & { project: string; steps: string[] }>`
    select t.id, t.name, j.name as project, coalesce((select array_agg(n.name order by n.position) from snapshot_step n
      where n.snapshot_id = (select s.id from snapshot s where s.pipeline_id = t.id order by s.created_at desc, s.id desc limit 1)), '{}') as steps
    from pipeline t join project j on j.id = t.project_id where ${inWorkspace} and ${visible} order by t.name, t.id limit 500`.execute(tx);
  return rows;
}
