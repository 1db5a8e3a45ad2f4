// What pages know of acts on many things at once: which act on which list, what a preview says, how a job and its rows stand.

/** The lists whose rows can be acted on together, by the word in their address. */
export const BULK_LISTS = {
  runs: { noun: "run", kind: "run", one: "run", many: "runs", acts: ["tag", "untag", "stop", "delete"] },
  pipelines: { noun: "pipeline", kind: "pipeline", one: "pipeline", many: "pipelines", acts: ["tag", "untag", "delete"] },
  artifacts: { noun: "artifact", kind: "artifact", one: "artifact", many: "artifacts", acts: ["tag", "untag", "delete"] },
  "artifact-versions": { noun: "artifact", kind: "artifact_version", one: "artifact version", many: "artifact versions", acts: ["tag", "untag", "delete"] },
  models: { noun: "model", kind: "model", one: "model", many: "models", acts: ["tag", "untag", "delete"] },
  "model-versions": { noun: "model", kind: "model_version", one: "model version", many: "model versions", acts: ["tag", "untag", "delete"] },
} as const;

export type BulkList = keyof typeof BULK_LISTS;
export const BULK_ACTS = ["tag", "untag", "stop", "delete"] as const;
export type BulkAct = (typeof BULK_ACTS)[number];

/** The permission that an act on a list's things needs. */
export type BulkPermission = "run:update" | "run:stop" | "run:delete" | `${"pipeline" | "artifact" | "model"}:${"update" | "delete"}`;
const VERBS = { tag: "update", untag: "update", stop: "stop", delete: "delete" } as const;
export const bulkPermission = (list: BulkList, act: BulkAct): BulkPermission => `${BULK_LISTS[list].noun}:${VERBS[act]}` as BulkPermission;

/** A job takes no more things than this. */
export const MAX_ITEMS = 100_000;
/** Chosen one by one. */
export const MAX_CHOSEN = 1_000;

/** "1 run", "12 runs". */
export const thingsWords = (list: BulkList, count: number): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? BULK_LISTS[list].one : BULK_LISTS[list].many}`;

/** Some things with their number; `what` names them for whoever links to them. */
export type Counted = { what: string; one: string; many: string; count: number };

/** What an act would do to what is chosen now. */
export type BulkPreview = {
  /** How many are chosen; ids that name nothing here are left out. */
  chosen: number;
  /** How many of them the act would change. */
  changes: number;
  /** Those that it would not change, and why. */
  refused: { reason: string; count: number }[];
  /** What goes with the things. */
  falls: Counted[];
  /** What stays although it has to do with them. */
  stays: Counted[];
  /** What deserves a look first. */
  warnings: string[];
  /** When this was counted: things made later are not among them. */
  asOf: string;
};

export const JOB_STATES = ["queued", "running", "completed", "cancelled", "halted"] as const;
export type JobState = (typeof JOB_STATES)[number];

export const OUTCOMES = [
  { value: "waiting", label: "Queued" },
  { value: "done", label: "Done" },
  { value: "unchanged", label: "Unchanged" },
  { value: "refused", label: "Refused" },
  { value: "failed", label: "Failed" },
] as const;
export type ItemOutcome = (typeof OUTCOMES)[number]["value"];

export type JobCounts = Record<ItemOutcome, number>;

export type JobRow = {
  id: string;
  list: BulkList;
  act: BulkAct;
  /** Names of the tags that are put on or taken off; whether a stop lets steps end. */
  settings: JobSettings;
  state: JobState;
  reason: string | null;
  total: number;
  counts: JobCounts;
  project: { id: string; name: string };
  by: { id: string; name: string; kind: string } | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
};

export type JobSettings = { tags?: string[]; isGraceful?: boolean };

export type JobItem = { id: string; position: number; thingId: string; name: string; outcome: ItemOutcome; reason: string | null; doneAt: string | null };

/** "Tag 12 runs as nightly, q4". */
export function jobWords({ list, act, settings, total }: Pick<JobRow, "list" | "act" | "settings" | "total">): string {
  const things = thingsWords(list, total);
  const tags = (settings.tags ?? []).join(", ");
  switch (act) {
    case "tag":
      return `Tag ${things} as ${tags}`;
    case "untag":
      return `Take ${tags} off ${things}`;
    case "stop":
      return `Stop ${things}`;
    case "delete":
      return `Delete ${things}`;
  }
}
