import "server-only";
import { type RawBuilder, type SqlBool, sql } from "kysely";
import { z } from "zod";
import { visibleTo } from "@/lib/authz/visible";
import { can } from "@/lib/authz/can";
import { localMeaning } from "@/lib/components/locality";
import type { StackRun } from "@/lib/components/schema";
import { variableNames } from "@/lib/components/variables";
import type { Actor } from "@/lib/identity/actor";
import { AppError } from "@/lib/kernel/errors";
import { limitOf } from "@/lib/kernel/limit-of";
import { defineQuery } from "@/lib/kernel/query";
import type { Tx } from "@/lib/kernel/transaction";
import { DEFAULT_STACK } from "./find-stack";
import { ownerOf } from "./list-stack-rows";
import { readComponents, readStacks } from "./queries";
import { NAMED_COUNTED, type PartChoice, type StackPage } from "./schema";

const fewOf = (from: RawBuilder<unknown>) => sql<number>`(select count(*)::int from (select 1 from ${from} ${limitOf(NAMED_COUNTED + 1)}) few)`;

/** One stack with its parts and latest runs. Error: not_found. */
export const getStackPage = defineQuery({
  name: "stack.page",
  permission: "stack:read",
  input: z.strictObject({ id: z.uuid() }),
  scope: async ({ tx, input }) => {
    const row = await tx.selectFrom("stack").select(["workspace_id", "created_by", "name"]).where("id", "=", input.id).executeTakeFirst();
    if (!row) throw new AppError("not_found", `There is no stack ${input.id} here.`);
    return { workspaceId: row.workspace_id, ownerId: row.created_by, thing: { type: "stack", id: input.id, name: row.name } };
  },
  run: async ({ tx, actor, input: { id }, target }): Promise<StackPage> => {
    const [stack] = await readStacks(tx, [id], { hydrate: true });
    if (!stack) throw new AppError("not_found", `There is no stack ${id} here.`);
    // In the order of their index: else PostgreSQL may look for them in the table from its beginning.
    const { rows } = await sql<{ runs: number; snapshots: number }>`
      select ${fewOf(sql`run r where r.stack_id = ${id} and ${readableRuns(actor)} order by r.workspace_id, r.project_id`)} as runs,
        ${fewOf(sql`snapshot x where x.stack_id = ${id} and ${readableSnapshots(actor)} order by x.workspace_id, x.project_id`)} as snapshots`.execute(tx);
    const runs = await latestRuns(tx, actor, sql<SqlBool>`r.stack_id = ${id}`);
    const recent = await sql<{ count: number }>`
      select count(*)::int as count from run r where r.stack_id = ${id} and r.created_at > now() - interval '7 days' and ${readableRuns(actor)}`.execute(tx);
    return {
      id: stack.id,
      name: stack.name,
      description: stack.description,
      isDefault: stack.name === DEFAULT_STACK,
      parts: (stack.components ?? []).map((part) => ({
        id: part.id,
        name: part.name,
        type: part.type,
        flavor: part.flavor.name,
        flavorTitle: part.flavor.display_name,
        isCustom: part.flavor.is_custom,
        local: localMeaning({ type: part.type, flavor: part.flavor.name, configuration: JSON.parse(part.configuration) as Record<string, unknown> }),
      })),
      runs7d: recent.rows[0]?.count ?? 0,
      owner: ownerOf(stack.owner ? stack.owner.full_name || stack.owner.name : null, stack.owner?.is_service_account ? "service_account" : "user"),
      ownerId: stack.created_by,
      createdAt: stack.created_at,
      updatedAt: stack.updated_at,
      labels: pairs(stack.labels),
      variables: variableNames(stack.environment),
      environment: can(actor, "stack:update", target).allowed ? pairs(stack.environment) : null,
      runs,
      named: rows[0] ?? { runs: 0, snapshots: 0 },
    };
  },
});

/** The components that a stack can be made of, by kind and name. */
export const listPartChoices = defineQuery({
  name: "component.choices",
  permission: "component:read",
  input: z.strictObject({}),
  run: async ({ tx, actor, workspace }): Promise<PartChoice[]> => {
    const visible = visibleTo(actor, "component:read", { workspaceId: "c.workspace_id", ownerId: "c.created_by", thingId: "c.id" });
    const { rows } = await sql<{ id: string }>`
      select c.id from component c where c.workspace_id = ${workspace?.id ?? null} and ${visible} order by c.type, c.name limit 2000`.execute(tx);
    const components = new Map(
      (
        await readComponents(
          tx,
          rows.map((row) => row.id),
        )
      ).map((component) => [component.id, component]),
    );
    return rows.flatMap(({ id }) => {
      const found = components.get(id);
      if (!found) return [];
      const configuration = JSON.parse(found.configuration) as Record<string, unknown>;
      const part = { type: found.type, flavor: found.flavor.name, configuration };
      return [{ id, name: found.name, type: found.type, flavor: found.flavor.display_name, isLocal: localMeaning(part) !== null }];
    });
  },
});

const readableSnapshots = (actor: Actor) =>
  visibleTo(actor, "snapshot:read", { workspaceId: "x.workspace_id", projectId: "x.project_id", ownerId: "x.created_by" });
const readableRuns = (actor: Actor) => visibleTo(actor, "run:read", { workspaceId: "r.workspace_id", projectId: "r.project_id", ownerId: "r.created_by" });

/** The latest runs that fit and that the reader may see. */
export async function latestRuns(tx: Tx, actor: Actor, which: RawBuilder<SqlBool>): Promise<StackRun[]> {
  const { rows } = await sql<{ id: string; number: number; name: string; status: string; project: string; stack: string; start_time: string | null }>`
    select r.id, r.number, r.name, r.status, p.name as project, s.name as stack, r.start_time
    from run r join project p on p.id = r.project_id join stack s on s.id = r.stack_id
    where ${which} and ${readableRuns(actor)} order by r.created_at desc, r.id desc limit 50`.execute(tx);
  return rows.map(({ start_time: startedAt, ...run }) => ({ ...run, startedAt }));
}

/** A JSON object's entries as text. */
export function pairs(text: string | null): [string, string][] {
  const value = text === null ? {} : (JSON.parse(text) as Record<string, unknown>);
  return Object.entries(value ?? {}).map(([key, item]) => [key, typeof item === "string" ? item : JSON.stringify(item)]);
}
