import "server-only";
import { z } from "zod";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { readInScope, type Tx } from "@/lib/kernel/transaction";
import { answerQuestion } from "@/lib/waits/answer-question";
import { askPerson } from "@/lib/waits/ask-person";
import { pollWaitCondition } from "@/lib/waits/poll-wait-condition";
import { getWaitCondition, listWaitConditions, openWaitConditions, WAIT_CONDITION_FIELDS, type WaitConditionRow } from "@/lib/waits/wait-condition";
import { bodyOf, textOf, verbatimBody, wireTime } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { nestedRuns, nestedUsers } from "./nested";
import { type Envelope, entity, naiveOrNull, raw, times, utc } from "./respond";
import { answerList } from "./scoped-list";

// /run_wait_conditions: what a dynamic run asks a person (WIRE §7).

const askBody = z.object({
  project: z.string(),
  run: z.uuid(),
  name: z.string(),
  type: z.literal("external_input"),
  question: z.string().nullish(),
  data_schema: z.record(z.string(), z.unknown()).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
});

const pollBody = z.object({
  poller_instance_id: z.string(),
  poller_lease_expires_at: wireTime,
  mode: z.enum(["refresh", "finalize", "abandon"]).default("refresh"),
});

const resolveBody = z.object({ resolution: z.enum(["continue", "abort"]), result: z.unknown() });

export const WAIT_CONDITION_ENDPOINTS: Endpoint[] = [
  {
    method: "POST",
    path: "/run_wait_conditions",
    permission: "run:update",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, askBody);
      const sent = verbatimBody(call);
      const id = await execute(askPerson, call.context, {
        runId: body.run,
        name: body.name,
        question: body.question ?? null,
        dataSchema: textOf(body.data_schema ? sent.data_schema : null),
        metadata: textOf(body.metadata ? sent.metadata : {}) ?? "{}",
      });
      return one(call, id);
    },
  },
  {
    method: "GET",
    path: "/run_wait_conditions",
    permission: "run:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        WAIT_CONDITION_FIELDS,
        (input) => ask(listWaitConditions, call.context, input),
        (rows) => present(call, rows),
      ),
  },
  { method: "GET", path: "/run_wait_conditions/{wait_condition_id}", permission: "run:read", audit: "none: a read", handle: (call) => one(call, idOf(call)) },
  {
    method: "PUT",
    path: "/run_wait_conditions/{wait_condition_id}",
    permission: "run:update",
    audit: "none: a poll; the pause that may follow is an entry",
    handle: async (call) => {
      const body = bodyOf(call, pollBody);
      return execute(pollWaitCondition, call.context, {
        id: idOf(call),
        pollerId: body.poller_instance_id,
        leaseUntil: utc(body.poller_lease_expires_at),
        mode: body.mode,
      });
    },
  },
  {
    method: "PUT",
    path: "/run_wait_conditions/{wait_condition_id}/resolve",
    permission: "run:update",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, resolveBody);
      const id = await execute(answerQuestion, call.context, {
        id: idOf(call),
        resolution: body.resolution,
        result: textOf(body.result === undefined ? null : verbatimBody(call).result),
      });
      return one({ ...call, hydrate: true }, id);
    },
  },
];

const idOf = (call: WireCall) => call.path.wait_condition_id as string;

const one = async (call: WireCall, id: string) => (await present(call, [await ask(getWaitCondition, call.context, { id })]))[0];

const present = (call: WireCall, rows: readonly WaitConditionRow[]) =>
  readInScope([call.context.workspace.id], async (tx) => {
    const { user } = await nestedUsers(
      tx,
      rows.map((row) => row.created_by),
    );
    const runs = await nestedRuns(
      tx,
      rows.map((row) => row.run_id),
    );
    return rows.map((row) => entity({ ...waitCondition(row, call.hydrate), resources: { user: user(row.created_by), run: runs.get(row.run_id) ?? null } }));
  });

/** The open question of each run that has one. */
export async function nestedWaitConditions(tx: Tx, runIds: readonly string[]): Promise<Map<string, Envelope>> {
  const open = await openWaitConditions(tx, runIds);
  return new Map([...open].map(([runId, row]) => [runId, entity(waitCondition(row, false))]));
}

const waitCondition = (row: WaitConditionRow, isHydrated: boolean) => ({
  id: row.id,
  name: row.name,
  body: {
    ...times(row),
    user_id: row.created_by,
    project_id: row.project_id,
    type: row.type,
    status: row.status,
    last_polled_at: naiveOrNull(row.last_polled_at),
    poller_instance_id: row.poller_id,
    poller_lease_expires_at: naiveOrNull(row.poller_lease_until),
    resolved_at: naiveOrNull(row.resolved_at),
    resolved_by_user_id: row.resolved_by,
  },
  metadata: isHydrated
    ? {
        question: row.question,
        run_metadata: raw(row.metadata),
        data_schema: raw(row.data_schema),
        resolution: row.resolution,
        result: raw(row.result),
      }
    : null,
});
