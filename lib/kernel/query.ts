import "server-only";
import { cache } from "react";
import type { z } from "zod";
import { can, readPermissionOf, type Target } from "@/lib/authz/can";
import { explain } from "@/lib/authz/explain";
import type { Permission } from "@/lib/authz/permissions";
import { reachableWorkspaces } from "@/lib/authz/visible";
import type { Actor } from "@/lib/identity/actor";
import { type CallContext, parseInput, recordRefusal, requireActive, sameAbsence, type Workspace } from "./command";
import { AppError, toAppError } from "./errors";
import { outsideScope, readInScope, type Tx } from "./transaction";

// The life of a read: parse, decide, run in a transaction that sees only what is in scope. A query that lists rows filters them with
// `visibleTo`; one that reads a single thing answers not_found for what the actor may not read.

type Definition<S extends z.ZodType, R, T extends Target = Target> = {
  /** `noun.verb`, for denials in the trail. */
  name: string;
  permission: Permission;
  input: S;
  /** Where it reads. Left out: the workspace of the call, where rows are filtered by `visibleTo`. */
  scope?: (args: { tx: Tx; actor: Actor; input: z.output<S>; workspace: Workspace | null }) => T | Promise<T>;
  /** `target`: what `scope` found, so that nothing is read twice. */
  run(args: { tx: Tx; actor: Actor; input: z.output<S>; workspace: Workspace | null; target: T }): Promise<R>;
};

export type Query<S extends z.ZodType = z.ZodType, R = unknown, T extends Target = Target> = Definition<S, R, T>;

/** Every query that was defined, by name. */
export const queries = new Map<string, Query<never, unknown>>();

/** Defines a query. */
export function defineQuery<S extends z.ZodType, R, T extends Target = Target>(definition: Definition<S, R, T>): Query<S, R, T> {
  queries.set(definition.name, definition as unknown as Query<never, unknown>);
  return definition;
}

/**
 * Runs a query. Without a `scope` the decision is left to the row filter when some grant allows the permission on own things only.
 * Errors: invalid_input, not_found, forbidden (with a `denied` entry).
 */
export async function ask<S extends z.ZodType, R, T extends Target>(query: Query<S, R, T>, context: CallContext, rawInput: unknown): Promise<R> {
  const input = parseInput(query.input, rawInput);
  requireActive(context);
  const { actor, workspace } = context;
  let refusal: { error: AppError; target: Target } | undefined;
  try {
    return await readInScope(await scopeOf(context), async (tx) => {
      // Without a scope `run` has no use for its target.
      const target = query.scope
        ? await query.scope({ tx, actor, input, workspace })
        : ({ workspaceId: workspace?.id, ownerId: actor.id, isList: true } as Target as T);
      if (!can(actor, query.permission, target).allowed) {
        const readable = can(actor, readPermissionOf(query.permission), target).allowed;
        const error = readable
          ? new AppError("forbidden", `This needs the permission ${query.permission}. ${explain(actor, query.permission, target).sentence}`, {
              reason: "no_grant",
            })
          : new AppError("not_found", "There is no such thing here.", { reason: "not_readable" });
        refusal = { error, target };
        throw error;
      }
      return query.run({ tx, actor, input, workspace, target });
    });
  } catch (error) {
    if (refusal && error === refusal.error) await recordRefusal(context, query.name, refusal.error, refusal.target);
    throw sameAbsence(toAppError(error), context);
  }
}

/** The workspaces a read may touch: the call's own, or for organization pages all that the actor can reach. */
export async function scopeOf(context: CallContext): Promise<string[]> {
  if (context.workspace) return [context.workspace.id];
  const reachable = reachableWorkspaces(context.actor);
  return reachable === "all" ? allWorkspaces(context.actor.organizationId) : reachable;
}

/** Every workspace of the organization; asked once per page. */
const allWorkspaces = cache(
  (organizationId: string): Promise<string[]> =>
    outsideScope(async (tx) => {
      const rows = await tx.selectFrom("workspace").select("id").where("organization_id", "=", organizationId).where("state", "<>", "deleted").execute();
      return rows.map((row) => row.id);
    }),
);
