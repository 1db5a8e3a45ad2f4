import "server-only";
import { z } from "zod";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { isFinished } from "@/lib/runs/status";
import { waitConditionTarget } from "./wait-condition";

// The waiting process says that it still listens. When it stops listening before an answer came, the run is paused: an entry.

export const pollWaitCondition = defineCommand({
  name: "wait-condition.polled",
  permission: "run:update",
  input: z.strictObject({
    id: z.uuid(),
    pollerId: z.string().max(255),
    leaseUntil: z.iso.datetime(),
    mode: z.enum(["refresh", "finalize", "abandon"]),
  }),
  scope: async ({ tx, input, workspace }) => {
    const { target, condition, run } = await waitConditionTarget(tx, workspace.id, input.id, { lock: true });
    return { ...target, condition, run };
  },
  run: async ({ tx, input, target: { condition, run }, now }) => {
    const isOpen = condition.status === "pending";
    const isListening = input.mode === "refresh";
    const lease = isListening ? { poller_id: input.pollerId, poller_lease_until: input.leaseUntil } : { poller_id: null, poller_lease_until: now };
    await tx
      .updateTable("wait_condition")
      .set({ last_polled_at: now, ...(isListening && !isOpen ? {} : lease) })
      .where("id", "=", condition.id)
      .execute();
    const result = condition.status as "pending" | "resolved";
    if (isListening || !isOpen || isFinished(run.status) || run.status === "paused") return { result, audit: UNCHANGED };
    await tx
      .updateTable("run")
      .set({ status: "paused", in_progress: false, status_reason: "Waiting for input.", updated_at: now })
      .where("id", "=", run.id)
      .execute();
    return {
      result,
      audit: {
        action: "run.updated",
        target: { type: "run", id: run.id, name: run.name, projectId: run.project_id },
        before: { status: run.status },
        after: { status: "paused", waitsFor: condition.name },
      },
      live: [{ projectId: run.project_id, runId: run.id }],
    };
  },
});
