import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { recordAudit } from "@/lib/audit/record";
import { can } from "@/lib/authz/can";
import { explain } from "@/lib/authz/explain";
import type { Permission } from "@/lib/authz/permissions";
import { type Actor, type CredentialKind, loadActor, systemActor } from "@/lib/identity/actor";
import { AGAIN, type Handler } from "@/lib/jobs/handler";
import type { CallContext, Workspace } from "@/lib/kernel/command";
import { toAppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import type { Origin, RequestContext } from "@/lib/kernel/request";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { actOn } from "./act-on";
import { type BulkAct, type BulkList, bulkPermission, type JobSettings, jobWords } from "./schema";
import { matches, type Matching } from "./selection";
import { jobAction } from "./start-job";

/*
 * Works a job off, a slice at a time. Each thing is done by its own command, with what the job's owner may do at that moment, and its row is
 * marked in the command's transaction: a worker that dies or is late does nothing twice and leaves nothing out. It ends when all are
 * done, when somebody cancels it, or when its owner's access has ended.
 */

const SLICE_MS = 2_000;
const BATCH = 25;
const payloadSchema = z.object({ jobId: z.uuid(), workspaceId: z.uuid() });

/** Thrown in a thing's transaction when its row is not ours to mark: the job has ended, or another worker has done it. */
class NotOurs extends Error {
  override name = "NotOurs";
}

/** Handles the outbox's item; may run twice, also at once. */
export const workJob: Handler = async (payload, { signal }) => {
  const { jobId, workspaceId } = payloadSchema.parse(payload);
  const until = Date.now() + SLICE_MS;
  do {
    signal.throwIfAborted();
    const batch = await inScope([workspaceId], (tx) => openBatch(tx, workspaceId, jobId));
    if (batch.is === "over") return;
    for (const item of batch.items) {
      const goesOn = await settle(batch, item);
      if (!goesOn || Date.now() > until) break;
    }
  } while (Date.now() <= until);
  await inScope([workspaceId], (tx) => countItems(tx, jobId));
  return AGAIN;
};

type Job = NonNullable<Awaited<ReturnType<typeof readJob>>>;
type Item = { id: string; thingId: string; name: string; matches: boolean };
type Batch = { is: "open"; job: Job; context: CallContext; items: Item[] } | { is: "over" };

/** The next things of a job and the actor to do them as; ends the job where nothing is left or it may not go on. */
async function openBatch(tx: Tx, workspaceId: string, jobId: string): Promise<Batch> {
  const job = await readJob(tx, workspaceId, jobId);
  if (!job || job.ended_at !== null) return { is: "over" };
  const request: RequestContext = { requestId: job.request_id, origin: job.origin as Origin, address: job.address, userAgent: null };
  const workspace: Workspace = {
    id: workspaceId,
    slug: job.slug,
    displayName: job.display_name,
    organizationId: job.organization_id,
    state: job.workspace_state,
  };
  const owner = await ownerOf(tx, job);
  const halt = whyHalt(job, owner);
  if (halt) {
    await endJob(tx, job, owner, request, "halted", halt);
    return { is: "over" };
  }
  const actor = owner as Actor;
  const items = await nextItems(tx, job, actor);
  if (items.length === 0) {
    await endJob(tx, job, actor, request, "completed", null);
    return { is: "over" };
  }
  if (job.state === "queued")
    await tx
      .updateTable("bulk_job")
      .set({ state: "running", started_at: sql<string>`clock_timestamp()` })
      .where("id", "=", job.id)
      .where("state", "=", "queued")
      .execute();
  return { is: "open", job, context: { actor, request, workspace }, items };
}

async function readJob(tx: Tx, workspaceId: string, jobId: string) {
  const row = await tx
    .selectFrom("bulk_job as j")
    .innerJoin("workspace as w", "w.id", "j.workspace_id")
    .leftJoin("principal as p", "p.id", "j.created_by")
    .select([
      "j.id",
      "j.workspace_id",
      "j.project_id",
      "j.list",
      "j.act",
      "j.settings",
      "j.filters",
      "j.state",
      "j.total",
      "j.ended_at",
      "j.created_by",
      "j.epoch",
    ])
    .select(["j.credential_kind", "j.credential_id", "j.credential_label", "j.limits", "j.origin", "j.address", "j.request_id"])
    .select(["w.slug", "w.display_name", "w.organization_id", "w.state as workspace_state", "p.epoch as epoch_now"])
    .where("j.id", "=", jobId)
    .where("j.workspace_id", "=", workspaceId)
    .forUpdate("j")
    .executeTakeFirst();
  if (!row) return undefined;
  return {
    ...row,
    list: row.list as BulkList,
    act: row.act as BulkAct,
    settings: row.settings as JobSettings,
    filters: row.filters as Matching | null,
    limits: row.limits as StoredLimits | null,
  };
}

type StoredLimits = { permissions: Permission[] | null; workspaceId: string | null; projectId: string | null };

/** Who asked for it, with what they may do now; undefined when the account is no longer active. */
function ownerOf(tx: Tx, job: Job): Promise<Actor | undefined> {
  const credential = { kind: job.credential_kind as CredentialKind, id: job.credential_id, label: job.credential_label };
  const limits = job.limits ? { ...job.limits, permissions: job.limits.permissions && new Set(job.limits.permissions) } : undefined;
  return loadActor(tx, job.created_by, credential, { limits });
}

/** Why a job may not go on; undefined when it may. */
function whyHalt(job: Job, owner: Actor | undefined): string | undefined {
  if (job.workspace_state !== "active") return `The workspace is ${job.workspace_state}.`;
  if (!owner) return "The account of who asked for it is no longer active.";
  if (job.epoch_now !== job.epoch) return "The logins of who asked for it were ended.";
  const permission = bulkPermission(job.list, job.act);
  const place = { workspaceId: job.workspace_id, projectId: job.project_id, ownerId: owner.id };
  return can(owner, permission, place).allowed ? undefined : `The access of who asked for it has ended: ${explain(owner, permission, place).sentence}`;
}

async function nextItems(tx: Tx, job: Job, actor: Actor): Promise<Item[]> {
  const stillMatches = job.filters ? await matches(tx, job.list, actor, job.project_id, job.filters) : sql`true`;
  const { rows } = await sql<Item>`
    select i.id, i.thing_id as "thingId", i.name, coalesce((select ${stillMatches} from (select i.thing_id as id) x), false) as matches
    from bulk_item i where i.job_id = ${job.id} and i.outcome = 'waiting' order by i.position limit ${BATCH}`.execute(tx);
  return rows;
}

/** Does one thing and marks its row; false when the job is no longer ours to go on with. */
async function settle({ job, context }: Extract<Batch, { is: "open" }>, item: Item): Promise<boolean> {
  const workspaceId = (context.workspace as Workspace).id;
  const mark = (outcome: "refused" | "failed", reason: string) => inScope([workspaceId], (tx) => markItem(tx, job.id, item.id, outcome, reason));
  try {
    if (!item.matches) await mark("refused", "It no longer matches the filters.");
    else
      await actOn(job, item.thingId, context, {
        within: (tx, { isUnchanged }) => markItem(tx, job.id, item.id, isUnchanged ? "unchanged" : "done", null),
      });
    return true;
  } catch (error) {
    if (error instanceof NotOurs) return false;
    const known = toAppError(error);
    if (known.cause instanceof NotOurs || known.code === "unauthenticated") return false;
    if (known.code === "unavailable" || known.code === "sealed") throw error; // all of it waits
    if (known.code === "internal") log.error("a thing of a job failed", { job: job.id, thing: item.thingId, error: known.cause ?? known });
    try {
      if (known.code === "internal") await mark("failed", `${known.message} Request ${context.request.requestId}.`);
      else await mark("refused", known.code === "not_found" ? "It is not there any more." : known.message);
      return true;
    } catch (second) {
      if (second instanceof NotOurs) return false;
      throw second;
    }
  }
}

/** Throws NotOurs where the row was marked already or the job has ended. */
async function markItem(tx: Tx, jobId: string, itemId: string, outcome: string, reason: string | null): Promise<void> {
  const { numAffectedRows } = await sql`
    update bulk_item set outcome = ${outcome}, reason = ${reason}, done_at = clock_timestamp()
    where id = ${itemId} and outcome = 'waiting' and exists (select 1 from bulk_job j where j.id = ${jobId} and j.ended_at is null)`.execute(tx);
  if (Number(numAffectedRows ?? 0) === 0) throw new NotOurs();
}

async function countItems(tx: Tx, jobId: string): Promise<void> {
  const of = (outcome: string) => sql<number>`(select count(*)::int from bulk_item where job_id = ${jobId} and outcome = ${outcome})`;
  await tx
    .updateTable("bulk_job")
    .set({ done: of("done"), unchanged: of("unchanged"), refused: of("refused"), failed: of("failed"), updated_at: sql<string>`clock_timestamp()` })
    .where("id", "=", jobId)
    .execute();
}

/** Ends a job whose row is locked, with its entry; nobody's job any more is ended by the system. */
async function endJob(
  tx: Tx,
  job: Job,
  owner: Actor | undefined,
  request: RequestContext,
  state: "completed" | "halted",
  reason: string | null,
): Promise<void> {
  await countItems(tx, job.id);
  const counts = await tx
    .updateTable("bulk_job")
    .set({ state, reason, ended_at: sql<string>`clock_timestamp()`, updated_at: sql<string>`clock_timestamp()` })
    .where("id", "=", job.id)
    .returning(["done", "unchanged", "refused", "failed"])
    .executeTakeFirstOrThrow();
  await recordAudit(
    tx,
    {
      actor: owner ?? systemActor(job.organization_id),
      request,
      workspaceId: job.workspace_id,
      action: `${jobAction(bulkPermission(job.list, job.act))}-ended`,
      outcome: "allowed",
    },
    [
      {
        target: { type: "job", id: job.id, name: jobWords(job), projectId: job.project_id },
        after: { state, total: job.total, ...counts },
        reason: reason ?? undefined,
      },
    ],
  );
}
