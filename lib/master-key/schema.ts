// The master keys as the page of the system shows them: names and places, never a key.

export type MasterKeyRow = {
  id: string;
  /** `waiting`: readable, and never used yet. */
  state: "active" | "retiring" | "retired" | "waiting";
  /** Where this process reads it from; null when it can't. */
  place: string | null;
  since: string | null;
  by: string | null;
  retiredAt: string | null;
};

/** A move that is under way, or that stopped before values which do not open. */
export type MasterKeyMove = { from: string; to: string; total: number | null; moved: number; failed: number; since: string; by: string | null };

export type MasterKeys = {
  /** The active one first, then those that things still rest under, then what was. */
  keys: MasterKeyRow[];
  move: MasterKeyMove | null;
  /** Why values can't be read now: the whole reason for who may change the system. */
  sealed: string | null;
  /** Where the next key comes from: a key that waits, the outside service, a file that is made, or nowhere, as the environment holds the key. */
  next: "waiting" | "outside" | "file" | null;
};

/** Action of the trail when a move begins, and when a key has ended. */
export const MASTER_KEY_RETIRED = "master-key.retired";
