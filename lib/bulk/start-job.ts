import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { refuseEmergency } from "@/lib/identity/emergency-session";
import { type Command, defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { booleanField, jsonField, wholeField } from "@/lib/kernel/form-fields";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { checkTagName } from "@/lib/tags/attach-tags";
import { actInput, requireAct } from "./preview";
import { BULK_LISTS, type BulkPermission, bulkPermission, type JobSettings, jobWords, MAX_ITEMS, thingsWords } from "./schema";
import { chosenFrom, selectionInput } from "./selection";

// Begins a job: its things are written down by id and name in the transaction of its entry and of the outbox's item that has it done. It
// takes what the actor may read; what they may do to each is decided again when its turn comes.

export const BULK_TOPIC = "bulk.job";
/** Jobs of one person that no worker has begun. */
const MAX_QUEUED = 50;

const input = z.strictObject({
  ...actInput,
  tags: jsonField(actInput.tags),
  isGraceful: booleanField.optional(),
  selection: jsonField(selectionInput),
  /** Names the form that is sent: sent again, it gives the job that it began. */
  formId: z.uuid(),
  /** How many things the preview said are chosen. */
  expected: wholeField,
  typedName: z.string().max(100).optional(),
});
type Started = { id: string; total: number };
type Target = { workspaceId: string; projectId: string; ownerId: string };

const WORDS: Record<string, string> = { update: "tags", stop: "stop", delete: "delete" };
/** "run.bulk-tags": what the entries of a job's start and end are called before their last word. */
export const jobAction = (permission: BulkPermission): string => {
  const [noun = "", verb = ""] = permission.split(":");
  return `${noun}.bulk-${WORDS[verb] ?? verb}`;
};

const startOf = (permission: BulkPermission): Command<typeof input, Target, Started> =>
  defineCommand({
    name: `${jobAction(permission)}-started`,
    permission,
    input,
    scope: ({ actor, workspace, input: { projectId } }) => ({ workspaceId: workspace.id, projectId, ownerId: actor.id }),
    run: async ({ tx, actor, input, workspace, request }) => {
      const { list, act, projectId, selection, formId } = input;
      requireAct(BULK_LISTS[list].noun, list, act);
      if (bulkPermission(list, act) !== permission) throw new AppError("invalid_input", `This job is not one of ${permission}.`);
      await refuseEmergency(tx, actor, "jobs that could outlive it");
      const settings = act === "tag" || act === "untag" ? { tags: await tagsFor(tx, input) } : act === "stop" ? { isGraceful: input.isGraceful ?? true } : {};
      const begun = await begunBy(tx, actor.id, input);
      if (begun) return { result: begun, audit: UNCHANGED };
      await requireRoom(tx, actor.id);
      const project = await tx.selectFrom("project").select("id").where("id", "=", projectId).where("workspace_id", "=", workspace.id).executeTakeFirst();
      if (!project) throw new AppError("not_found", "There is no such project here.");
      const epoch = await tx.selectFrom("principal").select("epoch").where("id", "=", actor.id).executeTakeFirst();
      const id = newId();
      const made = await tx
        .insertInto("bulk_job")
        .values({
          id,
          form_id: formId,
          workspace_id: workspace.id,
          project_id: projectId,
          list,
          act,
          settings: JSON.stringify(settings),
          filters: "matching" in selection ? JSON.stringify(selection.matching) : null,
          total: 0,
          credential_kind: actor.credential.kind,
          credential_id: actor.credential.id,
          credential_label: actor.credential.label,
          limits: actor.limits ? JSON.stringify({ ...actor.limits, permissions: actor.limits.permissions && [...actor.limits.permissions] }) : null,
          epoch: epoch?.epoch ?? 0,
          origin: request.origin,
          address: request.address,
          request_id: request.requestId,
          created_by: actor.id,
        })
        .onConflict((conflict) => conflict.columns(["created_by", "form_id"]).doNothing()) // waits for one that is being made
        .returning("id")
        .executeTakeFirst();
      const rival = made ? undefined : await begunBy(tx, actor.id, input);
      if (rival) return { result: rival, audit: UNCHANGED };
      const { numAffectedRows } = await sql`
        insert into bulk_item (workspace_id, job_id, position, thing_id, name)
        select ${workspace.id}, ${id}, row_number() over (order by x.created_at desc, x.id desc), x.id, x.name
        from ${await chosenFrom(tx, list, actor, projectId, selection)} limit ${MAX_ITEMS + 1}`.execute(tx);
      const total = Number(numAffectedRows ?? 0);
      requireTotal(input, total);
      await tx.updateTable("bulk_job").set({ total }).where("id", "=", id).execute();
      const chosenBy = "matching" in selection ? { filters: selection.matching } : { chosen: "one by one" };
      return {
        result: { id, total },
        queue: [{ topic: BULK_TOPIC, payload: { jobId: id, workspaceId: workspace.id } }],
        audit: {
          target: { type: "job", id, name: jobWords({ list, act, settings, total }), projectId },
          after: { list, act, ...settings, total, ...chosenBy },
        },
      };
    },
  });

/** The job that a form has begun. Error: conflict when it asked for something else then. */
async function begunBy(tx: Tx, personId: string, { formId, list, act, tags }: z.output<typeof input>): Promise<Started | undefined> {
  const job = await tx
    .selectFrom("bulk_job")
    .select(["id", "list", "act", "settings", "total"])
    .where("created_by", "=", personId)
    .where("form_id", "=", formId)
    .executeTakeFirst();
  if (!job) return undefined;
  if (job.list !== list || job.act !== act || ((job.settings as JobSettings).tags ?? []).join() !== tags.join())
    throw new AppError("conflict", "This form has begun another job already.", { fix: "Close it, see Jobs, and open it again for what is left." });
  return { id: job.id, total: job.total };
}

/** Errors: conflict when what is chosen is no longer what was shown, invalid_input for too many or another typed name. */
function requireTotal({ list, act, expected, typedName }: z.output<typeof input>, total: number): void {
  if (total === 0 && expected > 0) throw new AppError("conflict", `None of the chosen ${BULK_LISTS[list].many} is there any more.`);
  if (total > MAX_ITEMS)
    throw new AppError("invalid_input", `One job takes ${thingsWords(list, MAX_ITEMS)} at most.`, {
      fix: "Narrow the list with a filter, and do it in parts.",
    });
  if (act !== "delete") return;
  if (total !== expected)
    throw new AppError("conflict", `Now ${thingsWords(list, total)} are chosen, not the ${expected.toLocaleString("en-US")} of the preview.`, {
      fix: "Look at the preview again.",
    });
  const name = thingsWords(list, total);
  if (typedName?.trim().replaceAll(",", "") !== name.replaceAll(",", "") && typedName?.trim() !== String(total))
    throw new AppError("invalid_input", "The words do not match.", { fields: { typedName: `Type ${name}.` } });
}

/** The tags that a job puts on or takes off. Errors: invalid_input for none or a name that is none, bad_request for an exclusive one. */
async function tagsFor(tx: Tx, { act, tags, list }: z.output<typeof input>): Promise<string[]> {
  if (tags.length === 0) throw new AppError("invalid_input", "No tag is chosen.", { fields: { tags: "Choose a tag." } });
  for (const name of tags) checkTagName(name);
  if (act === "untag") return tags;
  const exclusive = await tx.selectFrom("tag").select("name").where("name", "in", tags).where("exclusive", "=", true).executeTakeFirst();
  if (exclusive)
    throw new AppError("bad_request", `The tag ${exclusive.name} is exclusive: only one of a family of ${BULK_LISTS[list].many} carries it.`, {
      fix: "Put it on one by hand.",
    });
  return tags;
}

async function requireRoom(tx: Tx, personId: string): Promise<void> {
  const queued = await tx.selectFrom("bulk_job").select("id").where("created_by", "=", personId).where("state", "=", "queued").limit(MAX_QUEUED).execute();
  if (queued.length >= MAX_QUEUED)
    throw new AppError("too_many_requests", `${MAX_QUEUED} of your jobs have not begun yet.`, { fix: "Wait for one of them, or cancel it." });
}

const PERMISSIONS: BulkPermission[] = [
  "run:update",
  "run:stop",
  "run:delete",
  "pipeline:update",
  "pipeline:delete",
  "artifact:update",
  "artifact:delete",
  "model:update",
  "model:delete",
];

/** Begins a job of a permission. Errors: not_found, invalid_input, bad_request, conflict, too_many_requests. */
export const START_JOB = Object.fromEntries(PERMISSIONS.map((permission) => [permission, startOf(permission)])) as Record<
  BulkPermission,
  ReturnType<typeof startOf>
>;
