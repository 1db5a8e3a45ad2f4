// A move of a workspace's values to another store, as its page shows it.

export type MoveState = "copying" | "copied" | "cut-over" | "rolling-back" | "rolled-back" | "cancelled" | "ended";

export type MoveView = {
  id: string;
  state: MoveState;
  /** The store that it goes to, those where the values lie otherwise, and the one that new values go to when it is rolled back: their kinds in words. */
  to: string;
  old: string;
  newGoTo: string;
  /** Versions that are to move, and how many of them were copied and compared. */
  total: number;
  copied: number;
  /** Versions that can't be moved, and why. */
  failed: { name: string; version: number; reason: string }[];
  failedCount: number;
  /** Why it waits, or has stopped. */
  reason: string | null;
  /** Whom it acts for may not do it any more: somebody has to let it go on. */
  isStopped: boolean;
  by: string | null;
  at: string;
  cutOverAt: string | null;
};

/** What a move would do, without doing it. */
export type MovePreview = {
  to: string;
  /** What the store that it would go to refuses; null when it takes everything. */
  refused: string | null;
  secrets: number;
  versions: number;
  bySource: { source: string; versions: number }[];
  /** How many of them were opened on trial, the newest first, and which did not open. */
  tried: number;
  unreadable: { name: string; version: number; reason: string }[];
};
