import "server-only";
import { sql } from "kysely";
import type { z } from "zod";
import { type LastStatement, statementsSent } from "@/db/transactions";
import { type AuditDraft, type AuditFacts, auditStatement, recordAudit } from "@/lib/audit/record";
import { can, readPermissionOf, type Target } from "@/lib/authz/can";
import { explain } from "@/lib/authz/explain";
import type { Permission } from "@/lib/authz/permissions";
import { type View, viewWords } from "@/lib/authz/view";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { AppError, toAppError } from "./errors";
import type { RequestContext } from "./request";
import { inScopeWithLast, isOfDatabase, type Tx, writeRefusal } from "./transaction";

// The life of a write. The order of `execute` is the design: parse, begin, load grants, decide, run, outbox, audit, commit.
// The audit entry leaves last, together with the commit, because it locks the organization's sequence row until then.

export type Workspace = { id: string; slug: string; displayName: string; organizationId: string; state: string };

/** What surrounds a call: who, from where, in which workspace (null for the organization itself). */
export type CallContext = { actor: Actor; request: RequestContext; workspace: Workspace | null };

export type LiveEvent = { projectId: string; runId?: string } | { connectorId: string };
export type QueueItem = { topic: string; payload: Record<string, unknown> };

/** Says that nothing changed (get-or-create that found it, a repeated report): the only way to leave no entry. */
export const UNCHANGED = { unchanged: true } as const;

export type Outcome<R> = {
  result: R;
  audit: AuditDraft | AuditDraft[] | typeof UNCHANGED;
  /** Tells open pages, after the commit. */
  live?: LiveEvent[];
  /** Work to do outside the transaction. */
  queue?: QueueItem[];
};

/** `entry`: an audit entry each time. `data`: metadata, logs and links; actor, time and request id stand on the row itself. */
export type AuditClass = "entry" | "data";

export type RunArguments<I, T> = { tx: Tx; actor: Actor; input: I; target: T; now: string; request: RequestContext; workspace: Workspace };

type Definition<S extends z.ZodType, T extends Target, R> = {
  /** The audit action, `noun.verb`. */
  name: string;
  permission: Permission;
  input: S;
  /** Where it acts; loads what it acts on and throws not_found when that is not there. */
  scope: (args: { tx: Tx; actor: Actor; input: z.output<S>; workspace: Workspace }) => T | Promise<T>;
  run: (args: RunArguments<z.output<S>, T>) => Promise<Outcome<R>>;
  /** True for what also works for who views the console as a role: reading that leaves a note, ending the view, signing out. */
  worksWhileViewing?: true;
};

export type Command<S extends z.ZodType = z.ZodType, T extends Target = Target, R = unknown> = Definition<S, T, R> & { audit: AuditClass };

/** Every command that was defined, by name: the generated authorization and audit tests walk it. */
export const commands = new Map<string, Command<never, never, unknown>>();

/** Defines a command whose every success leaves an audit entry: `run` doesn't compile without one. */
export function defineCommand<S extends z.ZodType, T extends Target, R>(definition: Definition<S, T, R>): Command<S, T, R> {
  return register({ ...definition, audit: "entry" });
}

/** Defines a write of the class *data* (ARCHITECTURE §3): its rows carry actor, time and request id themselves. */
export function defineDataWrite<S extends z.ZodType, T extends Target, R>(
  definition: Omit<Definition<S, T, R>, "run"> & { run: (args: RunArguments<z.output<S>, T>) => Promise<Omit<Outcome<R>, "audit">> },
): Command<S, T, R> {
  return register({ ...definition, audit: "data", run: async (args) => ({ ...(await definition.run(args)), audit: UNCHANGED }) });
}

function register<S extends z.ZodType, T extends Target, R>(command: Command<S, T, R>): Command<S, T, R> {
  commands.set(command.name, command as unknown as Command<never, never, unknown>);
  return command;
}

/** `within` runs in the command's transaction after its change: what has to hold exactly when the change does. It throws to undo both. */
export type ExecuteOptions = { within?: (tx: Tx, outcome: { isUnchanged: boolean }) => Promise<void> };

/** The workspace of a command that acts on the organization itself. */
const ORGANIZATION: Workspace = { id: "", slug: "", displayName: "", organizationId: "", state: "active" };

/**
 * Runs a command. Errors: invalid_input, not_found (also for what the actor may not read), forbidden (writes a `denied` entry),
 * what `run` throws, unavailable when the audit trail can't be written (nothing has then changed).
 */
export async function execute<S extends z.ZodType, T extends Target, R>(
  command: Command<S, T, R>,
  context: CallContext,
  rawInput: unknown,
  { within }: ExecuteOptions = {},
): Promise<R> {
  const input = parseInput(command.input, rawInput);
  const workspace = context.workspace ?? ORGANIZATION;
  requireActive(context);
  let refusal: { error: AppError; target: Target } | undefined;
  let allowedTarget: Target | undefined;
  try {
    return await inScopeWithLast(context.workspace ? [context.workspace.id] : [], async (tx) => {
      refusal = undefined;
      const { actor, find, timeAfter } = await enter(tx, command, context.actor, { input, workspace });
      if (actor.view && !command.worksWhileViewing) {
        refusal = { error: viewingRefused(actor.view), target: { workspaceId: context.workspace?.id } };
        throw refusal.error;
      }
      const target = await find();
      const decision = can(actor, command.permission, target);
      if (!decision.allowed) {
        refusal = { error: refused(actor, command.permission, target), target };
        throw refusal.error;
      }
      allowedTarget = target;
      const outcome = await command.run({ tx, actor, input, target, now: await timeAfter(), request: context.request, workspace });
      await within?.(tx, { isUnchanged: "unchanged" in outcome.audit });
      const entry = "unchanged" in outcome.audit ? [] : [appendOrFail(tx, context, actor, command.name, [outcome.audit].flat())];
      return { result: outcome.result, last: [...messages(tx, context, outcome), ...entry] };
    });
  } catch (error) {
    if (refusal && error === refusal.error) await recordRefusal(context, command.name, refusal.error, refusal.target);
    // A rule of the command itself (own request, last System Admin) or of its target (a secret of the organization's) is a refusal too.
    else if (error instanceof AppError && error.code === "forbidden" && (allowedTarget ?? error.target))
      await recordRefusal(context, command.name, error, allowedTarget ?? error.target ?? {});
    throw sameAbsence(toAppError(error), context);
  }
}

/**
 * What every command begins with, asked in one go: the grants that hold now, what it acts on as the actor of a moment ago finds it, and the
 * time. `find` looks again when the grants are no longer those of that moment; `timeAfter` asks again when looking took more than one
 * statement, as the last one may have waited for a lock.
 */
async function enter<S extends z.ZodType, T extends Target, R>(
  tx: Tx,
  command: Command<S, T, R>,
  known: Actor,
  what: { input: z.output<S>; workspace: Workspace },
): Promise<{ actor: Actor; find: () => Promise<T>; timeAfter: () => Promise<string> }> {
  const loading = reloadActor(tx, known);
  const look = async (actor: Actor) => command.scope({ tx, actor, ...what });
  const looking = look(known);
  const asking = timeOf(tx);
  for (const early of [looking, asking]) early.catch(() => undefined);
  const sent = statementsSent(tx);
  const actor = await loading;
  const isSame = JSON.stringify(actor) === JSON.stringify(known);
  return {
    actor,
    find: () =>
      isSame
        ? looking
        : looking.then(
            () => look(actor),
            // After a statement that failed the transaction takes none: its own error says whether to try again.
            (error) => (isOfDatabase(error) ? looking : look(actor)),
          ),
    timeAfter: () => (statementsSent(tx) === sent ? asking : timeOf(tx)),
  };
}

async function timeOf(tx: Tx): Promise<string> {
  const { rows } = await sql<{ now: string }>`select clock_timestamp() as now`.execute(tx);
  return rows[0]?.now as string;
}

/** Who looks at the console as a role changes nothing. */
const viewingRefused = (view: View) =>
  new AppError("forbidden", `You are viewing as ${viewWords(view)}: nothing can be changed meanwhile.`, {
    fix: "End it in the banner at the top, and try again.",
    reason: "viewing_as",
  });

/** For what a session does without a command of its own. Error: forbidden. */
export function requireNotViewing(actor: Pick<Actor, "view"> | undefined): void {
  if (actor?.view) throw viewingRefused(actor.view);
}

/** What others hear of a change once it is kept: work for the queue, news for open pages. */
function messages(tx: Tx, { workspace }: CallContext, { queue = [], live = [] }: Pick<Outcome<unknown>, "queue" | "live">): LastStatement[] {
  const rows = queue.map((item) => ({ workspace_id: workspace?.id ?? null, topic: item.topic, payload: JSON.stringify(item.payload) }));
  return [
    ...(rows.length > 0 ? [tx.insertInto("outbox").values(rows).compile(), sql`select pg_notify('reeve_outbox', '')`.compile(tx)] : []),
    ...live.map((event) => sql`select pg_notify('reeve_event', ${JSON.stringify(event)})`.compile(tx)),
  ].map((query) => ({ query }));
}

/** A suspended workspace answers nothing and takes nothing, whoever asks. Error: forbidden. */
export function requireActive({ workspace }: Pick<CallContext, "workspace">): void {
  if (!workspace || workspace.state === "active") return;
  throw new AppError("forbidden", `The workspace ${workspace.slug} is suspended: nothing in it can be read or changed.`, {
    fix: "A System Admin can restore it.",
    reason: "workspace_suspended",
  });
}

/**
 * Who sees only some projects of a workspace gets one text for what does not exist and for what lies in another project (AZ-2).
 * Others get the text that names what is missing.
 */
export function sameAbsence(error: AppError, { actor, workspace }: CallContext): AppError {
  if (error.code !== "not_found" || !workspace) return error;
  const seesAll = actor.grants.some(
    (grant) =>
      grant.effect === "allow" &&
      grant.role !== "member" &&
      !grant.thing &&
      (grant.scopeKind === "organization" || (grant.scopeKind === "workspace" && grant.workspaceId === workspace.id)),
  );
  const seesAllProjects =
    seesAll && !actor.workload && !actor.limits?.projectId && !actor.grants.some((grant) => grant.effect === "deny" && grant.workspaceId === workspace.id);
  return seesAllProjects ? error : new AppError("not_found", NOT_HERE, { reason: error.reason });
}

const NOT_HERE = "There is no such thing here.";

/** Parses with the schema; the message names each field. Error: invalid_input. */
export function parseInput<S extends z.ZodType>(schema: S, rawInput: unknown): z.output<S> {
  const parsed = schema.safeParse(rawInput);
  if (parsed.success) return parsed.data;
  const fields = Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join("."), issue.message]));
  const first = Object.entries(fields)
    .map(([path, message]) => (path ? `${path}: ${message}` : message))
    .join("; ");
  throw new AppError("invalid_input", `The input is not valid: ${first}`, { fields, reason: "invalid_input" });
}

async function reloadActor(tx: Tx, actor: Actor): Promise<Actor> {
  if (actor.kind === "operator" || actor.kind === "system") return actor;
  const fresh = await loadActor(tx, actor.id, actor.credential, actor);
  if (!fresh) throw new AppError("unauthenticated", "This account is no longer active.", { fix: "Ask your administrator." });
  return fresh;
}

function refused(actor: Actor, permission: Permission, target: Target): AppError {
  if (!can(actor, readPermissionOf(permission), target).allowed) return new AppError("not_found", NOT_HERE, { reason: "not_readable" });
  const explanation = explain(actor, permission, target);
  return new AppError("forbidden", `This needs the permission ${permission}. ${explanation.sentence}`, { reason: explanation.decision.reason });
}

function appendOrFail(tx: Tx, context: CallContext, actor: Actor, action: string, drafts: AuditDraft[]): LastStatement {
  const facts: AuditFacts = { actor, request: context.request, workspaceId: context.workspace?.id ?? null, action, outcome: "allowed" };
  return {
    query: auditStatement(facts, drafts).compile(tx),
    failure: (cause) =>
      new AppError("unavailable", "The audit trail could not be written, so nothing was changed.", {
        cause,
        fix: "Try again; tell your administrator if it stays.",
      }),
  };
}

/** Writes the `denied` entry of a refusal, in a transaction of its own or that of the reads that it ends. */
export async function recordRefusal(context: CallContext, action: string, error: AppError, target: Target): Promise<void> {
  await writeRefusal(context.workspace ? [context.workspace.id] : [], (tx) =>
    recordAudit(tx, { actor: context.actor, request: context.request, workspaceId: context.workspace?.id ?? null, action, outcome: "denied" }, [
      { target: { type: action.split(".")[0] ?? action, ...target.thing, projectId: target.projectId ?? null }, reason: error.reason ?? error.code },
    ]),
  );
}
