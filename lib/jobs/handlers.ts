import "server-only";
/*
 * What the worker does with each topic of the outbox. A handler may run twice (a lease can end while it works): it has to
 * give the same end state each time. It throws to be tried again.
 */

/** Handles one item. `signal` aborts when the lease or the process ends. */
export type Handler = (
  payload: Record<string, unknown>,
  item: { id: number; workspaceId: string | null; attempts: number; signal: AbortSignal },
) => Promise<void>;

/** Topic → handler. */
export const handlers = new Map<string, Handler>();
