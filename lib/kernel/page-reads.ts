import "server-only";
import pg from "pg";
import { cache } from "react";
import { isStalePlan, type OpenTransaction } from "@/db/transactions";
import { questionOf } from "./ask-outside";
import { withCauses } from "./errors";

// The reads of one page share their transactions. Layout, page and its parts each ask for themselves; what they ask of the same
// workspaces while a transaction is open joins it, and goes out on its connection without waiting for other answers. It ends a moment
// after the last of them: no connection is held while the page is drawn, and no read waits for a second one.

type Tx = OpenTransaction["tx"];
type Open = { begun: Promise<OpenTransaction>; readers: number; failure?: unknown; isOver?: boolean };

/** One per page that is drawn. Elsewhere (routes, the worker, tests) each call makes a new one, and nothing is shared. */
const openReads = cache((): Map<string, Open> => new Map());

/** A statement came behind one that had failed, or the database gave this transaction up for another. */
const NOT_ITS_OWN = new Set(["25P02", "40001", "40P01"]);

/** Runs `work` in the page's transaction of this scope; `alone` in one of its own, when something else broke that one. */
export async function readOnPage<T>(scope: string, begin: () => Promise<OpenTransaction>, work: (tx: Tx) => Promise<T>, alone: () => Promise<T>): Promise<T> {
  const reads = openReads();
  const open = reads.get(scope) ?? { begun: begin(), readers: 0 };
  reads.set(scope, open);
  open.readers++;
  try {
    const { tx } = await open.begun;
    return await work(tx);
  } catch (error) {
    if (questionOf(error)) return alone(); // not awaited: this transaction waits for nobody outside
    const failure = withCauses(error).find((one) => one instanceof pg.DatabaseError);
    if (!failure) throw error;
    open.failure ??= failure;
    if (reads.get(scope) === open) reads.delete(scope); // what comes now begins anew
    if (!NOT_ITS_OWN.has(failure.code ?? "") && !isStalePlan(failure)) throw error;
    return await alone();
  } finally {
    open.readers--;
    setImmediate(() => void end(open, reads, scope)); // what follows from this answer still joins
  }
}

async function end(open: Open, reads: Map<string, Open>, scope: string): Promise<void> {
  if (open.readers > 0 || open.isOver) return;
  open.isOver = true;
  if (reads.get(scope) === open) reads.delete(scope);
  try {
    const { commit, rollback } = await open.begun;
    await (open.failure ? rollback(open.failure) : commit());
  } catch {
    // Nothing was written, and every read has its answer or its error.
  }
}
