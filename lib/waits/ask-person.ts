import { lockRunTarget } from "@/lib/runs/run-scope";
import "server-only";
import { z } from "zod";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { isFinished } from "@/lib/runs/status";
import { compileSchema } from "./answer-schema";

// A dynamic run asks: the question is made once per name, and a run has one open question at a time.

export const askPerson = defineCommand({
  name: "wait-condition.created",
  permission: "run:update",
  input: z.strictObject({
    runId: z.uuid(),
    name: z.string().min(1).max(255),
    question: z.string().max(10_000).nullable(),
    /** JSON texts, kept as they were spelled. */
    dataSchema: z.string().nullable(),
    metadata: z.string(),
  }),
  scope: lockRunTarget,
  run: async ({ tx, actor, input, target: { run }, workspace, request }) => {
    if (isFinished(run.status)) throw new AppError("in_use", "This run has ended: it can't ask anything any more.");
    if (!run.is_dynamic) throw new AppError("in_use", "Wait conditions are only supported for dynamic pipelines.");
    if (input.dataSchema) compileSchema(input.dataSchema);
    const asked = { question: input.question, data_schema: input.dataSchema };
    const same = await tx
      .selectFrom("wait_condition")
      .select(["id", "question", "data_schema"])
      .where("run_id", "=", run.id)
      .where("name", "=", input.name)
      .executeTakeFirst();
    if (same && (same.question !== asked.question || same.data_schema !== asked.data_schema))
      throw new AppError("conflict", "A run wait condition with this name already exists for the run, but with different configuration.");
    if (same) return { result: same.id, audit: UNCHANGED };
    const open = await tx.selectFrom("wait_condition").select("name").where("run_id", "=", run.id).where("status", "=", "pending").executeTakeFirst();
    if (open) throw new AppError("in_use", `Only one pending wait condition is allowed per run. Resolve ${open.name} before asking another.`);
    const id = newId();
    await tx
      .insertInto("wait_condition")
      .values({
        id,
        workspace_id: workspace.id,
        project_id: run.project_id,
        run_id: run.id,
        name: input.name,
        type: "external_input",
        ...asked,
        metadata: input.metadata,
        request_id: request.requestId,
        created_by: actor.id,
      })
      .execute();
    return {
      result: id,
      audit: {
        target: { type: "wait-condition", id, name: input.name, projectId: run.project_id },
        after: { run: run.name, question: input.question },
      },
      live: [{ projectId: run.project_id, runId: run.id }],
    };
  },
});
