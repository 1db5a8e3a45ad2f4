/** Does one item of the outbox. `signal` aborts when the lease or the process ends. It throws to be tried again. */
export type Handler = (
  payload: Record<string, unknown>,
  item: { id: number; workspaceId: string | null; attempts: number; signal: AbortSignal },
) => Promise<void>;
