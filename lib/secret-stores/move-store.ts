import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { defineCommand } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { requireTypedName } from "@/lib/kernel/typed-name";
import { forgetCopies } from "./copies";
import { requireSettings } from "./direct-values";
import { findStore } from "./find-store";
import type { MoveState } from "./move-schema";
import { storeTitle } from "./schema";
import { swapPlaces } from "./swap-places";
import { leftToCopy } from "./work-move";

// Moving a workspace's values to another store: copying takes nothing away, cutting over changes all places in one moment, and what lies in the
// old place ends by an act of its own.

export const MOVE_TOPIC = "secret-store.move";
const byMove = z.strictObject({ moveId: z.uuid() });

/** The open move of a workspace. Errors: not_found; conflict when it has gone on meanwhile. */
async function moveIn(tx: Tx, workspaceId: string, moveId: string, states: readonly MoveState[]) {
  const move = await tx.selectFrom("secret_move").selectAll().where("id", "=", moveId).where("workspace_id", "=", workspaceId).forUpdate().executeTakeFirst();
  if (!move) throw new AppError("not_found", "There is no such move here.");
  if (!states.includes(move.state as MoveState))
    throw new AppError("conflict", `The move is ${move.state.replace("-", " ")} now, so nothing was changed.`, { fix: "Look at the page again." });
  return move;
}

const scopeOf = ({ workspace }: { workspace: { id: string; slug: string } }) => ({
  workspaceId: workspace.id,
  thing: { type: "workspace", id: workspace.id, name: workspace.slug },
});
const targetOf = (workspace: { id: string; slug: string }) => ({ type: "workspace", id: workspace.id, name: workspace.slug });
const goOn = (moveId: string, workspaceId: string) => [{ topic: MOVE_TOPIC, payload: { moveId, workspaceId } }];

/** Begins to copy everything to a store. Errors: not_found; conflict while another move is not ended. */
export const startMove = defineCommand({
  name: "secret-store.move-started",
  permission: "secret:read-value",
  /** Empty: to Reeve's own. */
  input: z.strictObject({ to: z.union([z.uuid(), z.literal("")]) }),
  scope: scopeOf,
  run: async ({ tx, actor, input, workspace, now }) => {
    requireSettings(actor, workspace.id);
    const to = input.to ? await findStore(tx, workspace.id, input.to, { lock: true }) : null;
    const { secret_store_id: from } = await tx
      .selectFrom("workspace")
      .select("secret_store_id")
      .where("id", "=", workspace.id)
      .forUpdate()
      .executeTakeFirstOrThrow();
    const open = await tx
      .selectFrom("secret_move")
      .select("id")
      .where("workspace_id", "=", workspace.id)
      .where("state", "not in", ["cancelled", "ended"])
      .executeTakeFirst();
    if (open) throw new AppError("conflict", "Another move of this workspace is not ended yet.", { fix: "End it first, or roll it back." });
    const id = newId();
    const row = {
      id,
      workspace_id: workspace.id,
      from_store_id: from,
      to_store_id: to?.store.id ?? null,
      state: "copying",
      created_by: actor.id,
      acts_for: actor.id,
      created_at: now,
    };
    await tx.insertInto("secret_move").values(row).execute();
    const audit = { target: targetOf(workspace), after: { to: to?.thing.name ?? storeTitle(null), storeId: to?.store.id ?? "built-in" } };
    return { result: id, audit, queue: goOn(id, workspace.id) };
  },
});

/** Lets a move go on that stopped because whom it acted for may not do it any more; it acts for this person now. Errors: not_found, conflict. */
export const continueMove = defineCommand({
  name: "secret-store.move-continued",
  permission: "secret:read-value",
  input: byMove,
  scope: scopeOf,
  run: async ({ tx, actor, input, workspace }) => {
    requireSettings(actor, workspace.id);
    const move = await moveIn(tx, workspace.id, input.moveId, ["copying", "rolling-back"]);
    if (!move.stopped_at) throw new AppError("conflict", "The move has not stopped: it goes on by itself.", { fix: "Look at the page again." });
    await tx.updateTable("secret_move").set({ acts_for: actor.id, stopped_at: null, reason: null }).where("id", "=", move.id).execute();
    const audit = { target: targetOf(workspace), before: { actsFor: move.acts_for }, after: { actsFor: actor.id, state: move.state } };
    return { result: null, audit, queue: goOn(move.id, workspace.id) };
  },
});

/** Ends a move that has not cut over; its copies end, what holds stays as it is. Errors: not_found, conflict. */
export const cancelMove = defineCommand({
  name: "secret-store.move-cancelled",
  permission: "workspace:update",
  input: byMove,
  scope: scopeOf,
  run: async ({ tx, input, workspace, now }) => {
    const move = await moveIn(tx, workspace.id, input.moveId, ["copying", "copied"]);
    await tx.updateTable("secret_move").set({ state: "cancelled", ended_at: now }).where("id", "=", move.id).execute();
    const queue = await forgetCopies(tx, workspace.id, move.id);
    return { result: null, audit: { target: targetOf(workspace), before: { state: move.state }, after: { state: "cancelled" } }, queue };
  },
});

/** Makes the copies what holds, all at once. What was made meanwhile is copied first: the result says whether it is done. Errors: as above. */
export const cutOver = defineCommand({
  name: "secret-store.cut-over",
  permission: "secret:read-value",
  input: byMove,
  scope: scopeOf,
  run: async ({ tx, actor, input, workspace, now }) => {
    requireSettings(actor, workspace.id);
    // Whoever writes a version holds this row: after it nothing goes to the old place.
    await tx.selectFrom("workspace").select("id").where("id", "=", workspace.id).forUpdate().executeTakeFirstOrThrow();
    const move = await moveIn(tx, workspace.id, input.moveId, ["copied"]);
    const { rows } = await sql<{ left: number }>`select count(*)::int as left ${leftToCopy(move.id)}`.execute(tx);
    const left = rows[0]?.left ?? 0;
    if (left > 0) {
      await tx.updateTable("secret_move").set({ state: "copying", acts_for: actor.id }).where("id", "=", move.id).execute();
      return { result: { isDone: false }, audit: { target: targetOf(workspace), after: { state: "copying", left } }, queue: goOn(move.id, workspace.id) };
    }
    const versions = await swapPlaces(tx, move.id);
    await tx.updateTable("workspace").set({ secret_store_id: move.to_store_id }).where("id", "=", workspace.id).execute();
    await tx.updateTable("secret_move").set({ state: "cut-over", cut_over_at: now }).where("id", "=", move.id).execute();
    const places = { before: { newValuesGoTo: move.from_store_id ?? "built-in" }, after: { newValuesGoTo: move.to_store_id ?? "built-in", versions } };
    return { result: { isDone: true }, audit: { target: targetOf(workspace), ...places } };
  },
});

/** Goes back to where everything lay; what was made since is copied there first, in the background. Errors: as above. */
export const rollBack = defineCommand({
  name: "secret-store.rolled-back",
  permission: "secret:read-value",
  input: byMove,
  scope: scopeOf,
  run: async ({ tx, actor, input, workspace }) => {
    requireSettings(actor, workspace.id);
    await tx.selectFrom("workspace").select("id").where("id", "=", workspace.id).forUpdate().executeTakeFirstOrThrow();
    const move = await moveIn(tx, workspace.id, input.moveId, ["cut-over"]);
    await tx.updateTable("workspace").set({ secret_store_id: move.from_store_id }).where("id", "=", workspace.id).execute();
    await tx.updateTable("secret_move").set({ state: "rolling-back", acts_for: actor.id }).where("id", "=", move.id).execute();
    const places = { before: { newValuesGoTo: move.to_store_id ?? "built-in" }, after: { newValuesGoTo: move.from_store_id ?? "built-in" } };
    return { result: null, audit: { target: targetOf(workspace), ...places }, queue: goOn(move.id, workspace.id) };
  },
});

/** Destroys what lies in the place that was left; nothing brings it back. Errors: as above; invalid_input for a wrong typed name. */
export const endMove = defineCommand({
  name: "secret-store.move-ended",
  permission: "workspace:update",
  input: byMove.extend({ typedName: z.string() }),
  scope: scopeOf,
  run: async ({ tx, input, workspace, now }) => {
    requireTypedName(input.typedName, workspace.slug);
    const move = await moveIn(tx, workspace.id, input.moveId, ["cut-over", "rolled-back"]);
    const { count } = await tx
      .selectFrom("secret_copy")
      .select(sql<number>`count(*)::int`.as("count"))
      .where("move_id", "=", move.id)
      .where("error", "is", null)
      .executeTakeFirstOrThrow();
    await tx.updateTable("secret_move").set({ state: "ended", ended_at: now }).where("id", "=", move.id).execute();
    const queue = await forgetCopies(tx, workspace.id, move.id);
    const left = move.state === "cut-over" ? move.from_store_id : move.to_store_id;
    return {
      result: null,
      audit: { target: targetOf(workspace), before: { versionsInThePlaceThatWasLeft: count, place: left ?? "built-in" }, after: { state: "ended" } },
      queue,
    };
  },
});
