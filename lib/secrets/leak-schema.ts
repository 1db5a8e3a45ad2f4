// A leak as the browser gets it.

/** What a leaked secret could have touched since a moment, and what it did: of each kind how many, and the newest by name. */
export type Touched = { could: number; did: number };
export type TouchedThing = { id: string; name: string; project: string; did: boolean };
export type LeakPreview = {
  since: string;
  runs: Touched & { newest: (TouchedThing & { number: number })[] };
  artifacts: Touched & { newest: (TouchedThing & { artifact: string; version: string })[] };
  models: Touched & { newest: (TouchedThing & { model: string; version: string })[] };
};

/** An open leak with how far the plan is. */
export type OpenLeak = {
  since: string;
  reason: string;
  by: string | null;
  at: string;
  touched: { runs: Touched; artifacts: Touched; models: Touched };
  /** Rotate: whether a version was written since. */
  isRotated: boolean;
  /** Unbind: bindings of then that are still open, of how many. */
  bindings: { left: number; of: number };
  /** Contain: runs that read it and still go on. */
  runsGoing: number;
};
