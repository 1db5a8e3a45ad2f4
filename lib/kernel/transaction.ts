import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import type { Kysely, Transaction } from "kysely";
import pg from "pg";
import { database, transactionsOf } from "@/db/client";
import { isStalePlan, type LastStatement } from "@/db/transactions";
import type { DB } from "@/db/types";
import { keepAcross, questionOf } from "./ask-outside";
import { sqlState, withCauses } from "./errors";
import { readOnPage } from "./page-reads";

// Every statement of the product that touches a workspace's rows runs in a transaction that names the workspaces it serves; row-level
// security hides the rest.

export type Tx = Transaction<DB>;

const RETRIED = new Set(["40001", "40P01"]);
const ATTEMPTS = 4;
/** How often one work may ask outside: for each value that it needs. */
const QUESTIONS = 50;
const isRetried = (error: unknown): boolean => withCauses(error).some((one) => RETRIED.has(sqlState(one) ?? "") || isStalePlan(one));
/** Whether a statement failed: the transaction can keep nothing then. */
export const isOfDatabase = (error: unknown): boolean => withCauses(error).some((one) => one instanceof pg.DatabaseError);

/** `isLasting` false: what it writes may be lost with a crash of the database's host, and its commit waits for no disk. */
export type ScopeOptions<T = unknown> = {
  db?: Kysely<DB>;
  isLasting?: boolean;
  /** True for a result behind which nothing was written: it is given without waiting for the end of its transaction. */
  isRead?: (result: T) => boolean;
};

type Shared = { scope: string; tx: Tx };
const shared = new AsyncLocalStorage<Shared>();

/**
 * Runs `work` in a transaction that sees only the named workspaces (none: an empty list). Serialization failures and deadlocks
 * are tried again, four times in all, so `work` must have no effect outside the database. What it asks outside (`answerFor`) is asked
 * between two transactions.
 */
export function inScope<T>(workspaceIds: readonly string[], work: (tx: Tx) => Promise<T>, options: ScopeOptions<T> = {}): Promise<T> {
  return attempts(workspaceIds, async (tx) => ({ result: await work(tx), last: [] }), options);
}

/**
 * The same, with statements that leave in one go with the commit: whatever they lock is held for no longer than the commit itself takes.
 * When one of them fails, nothing is kept.
 */
export function inScopeWithLast<T>(workspaceIds: readonly string[], work: (tx: Tx) => Promise<{ result: T; last: readonly LastStatement[] }>): Promise<T> {
  return attempts(workspaceIds, work);
}

async function attempts<T>(
  workspaceIds: readonly string[],
  work: (tx: Tx) => Promise<{ result: T; last: readonly LastStatement[] }>,
  { db = database(), isLasting = true, isRead }: ScopeOptions<T> = {},
): Promise<T> {
  // With every connection of the pool held by such a one, nobody could go on.
  if (shared.getStore()) throw new Error("a second transaction was asked for inside reads that share one");
  const answers = new Map<string, unknown>();
  for (let attempt = 1; ; attempt++) {
    const transaction = await transactionsOf(db).begin(settings(workspaceIds, isLasting));
    keepAcross(transaction.tx, answers);
    try {
      const { result, last } = await work(transaction.tx);
      const end = transaction.commit(last);
      if (isRead?.(result)) end.catch(() => undefined);
      else await end;
      return result;
    } catch (error) {
      await transaction.rollback(error);
      const question = questionOf(error);
      if (question && !answers.has(question.key) && answers.size < QUESTIONS) {
        answers.set(question.key, await question.ask());
        attempt = 0;
      } else if (attempt >= ATTEMPTS || !isRetried(error)) throw error;
    }
  }
}

/**
 * The same for reads, with those that stand around it: within `readTogether` of the same workspaces it is that transaction, and on a page
 * that of the page's other reads of these workspaces. Only for what changes nothing.
 */
export function readInScope<T>(workspaceIds: readonly string[], work: (tx: Tx) => Promise<T>): Promise<T> {
  const scope = workspaceIds.join(",");
  const open = shared.getStore();
  if (open) return open.scope === scope ? work(open.tx) : inScope(workspaceIds, work);
  return readOnPage(
    scope,
    () => transactionsOf(database()).begin(settings(workspaceIds, true)),
    work,
    () => inScope(workspaceIds, work),
  );
}

/** A refusal's own entry: with the reads that it ends where `readTogether` keeps it whatever they throw, else kept when this resolves. */
export function writeRefusal<T>(workspaceIds: readonly string[], work: (tx: Tx) => Promise<T>): Promise<T> {
  const open = shared.getStore();
  return open && open.scope === workspaceIds.join(",") ? work(open.tx) : inScope(workspaceIds, work);
}

/**
 * Makes one transaction of all that `work` reads of these workspaces by `readInScope`. It is committed whatever `work` throws: what it can
 * have written is the entry of its refusal.
 */
export async function readTogether<T>(workspaceIds: readonly string[], work: () => Promise<T>): Promise<T> {
  const scope = workspaceIds.join(",");
  if (shared.getStore()?.scope === scope) return work();
  const outcome = await inScope<{ value: T } | { error: unknown }>(
    workspaceIds,
    (tx) =>
      shared.run({ scope, tx }, () =>
        work().then(
          (value) => ({ value }),
          (error: unknown) => {
            if (isOfDatabase(error) || questionOf(error)) throw error;
            return { error };
          },
        ),
      ),
    { isRead: (result) => "value" in result },
  );
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

/** Statements on what belongs to no workspace (credentials, accounts, grants): each is a transaction of its own and sees no workspace's rows. */
export const outsideScope = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => transactionsOf(database()).withoutTransaction(work);

const ID = /^[0-9a-f-]{36}$/i;

function settings(workspaceIds: readonly string[], isLasting: boolean): string {
  for (const id of workspaceIds) if (!ID.test(id)) throw new Error("a workspace is named by its id");
  return `set local reeve.workspaces = '${workspaceIds.join(",")}'${isLasting ? "" : "; set local synchronous_commit = off"}`;
}
