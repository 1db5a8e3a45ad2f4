/** What a handler answers when it has done only a slice: the item is given back to be gone on with at once, so that long work never holds up the rest. */
export const AGAIN = "again";

/**
 * Does one item of the outbox, or a slice of it (AGAIN); any other answer means that it is done. `signal` aborts when the lease or the
 * process ends. It throws to be tried again later.
 */
export type Handler = (
  payload: Record<string, unknown>,
  item: { id: number; workspaceId: string | null; attempts: number; signal: AbortSignal },
) => Promise<unknown>;
