// What ends access, and where access is: the two sides of the table that the canaries measure. A surface is one way in; a cause closes some.

export const SURFACES = {
  page: "Page",
  action: "Action",
  rest: "REST",
  stream: "Open stream",
  device: "Command line",
  token: "Personal token",
  key: "API key",
} as const;
export type Surface = keyof typeof SURFACES;
export const SURFACE_IDS = Object.keys(SURFACES) as Surface[];

const SESSION: readonly Surface[] = ["page", "action", "rest", "stream"];

type CauseFacts = { label: string; ends: readonly Surface[] };
export const CAUSES = {
  "directory-inactive": { label: "The directory says inactive", ends: SURFACE_IDS },
  "directory-removed": { label: "The directory removes the person", ends: SURFACE_IDS },
  deactivated: { label: "An administrator deactivates", ends: SURFACE_IDS },
  "sessions-ended": { label: "An administrator ends the sessions", ends: [...SESSION, "device"] },
  "session-ended": { label: "One session is ended", ends: SESSION },
  "provider-logout": { label: "The identity provider signs out", ends: SESSION },
  "grant-ended": { label: "The grant is ended", ends: ["page", "rest", "stream", "device", "token"] },
  "device-locked": { label: "The device is locked", ends: ["device"] },
  "token-revoked": { label: "The token is revoked", ends: ["token"] },
  "key-stopped": { label: "The key is stopped", ends: ["key"] },
} as const satisfies Record<string, CauseFacts>;
export type Cause = keyof typeof CAUSES;
export const CAUSE_IDS = Object.keys(CAUSES) as Cause[];

/** The kind of a canary's account, and of the directory that says it: no list of people, service accounts or directories has it. */
export const CANARY = "canary";

/** Access has to be over within this. */
export const LIMIT_S = 1;
/** How long a trial waits for the refusal. */
export const GIVE_UP_S = 10;
/** How long what was measured is kept. */
export const KEPT_DAYS = 90;

/** One cause and surface. `seconds` null: it was still open when the trial gave up, or, with a `failure`, it could not be measured. */
export type Trial = { cause: Cause; surface: Surface; canary: string; seconds: number | null; failure: string | null };

export type TrialVerdict = "refused" | "late" | "open" | "not measured";
export const verdictOf = ({ seconds, failure }: Pick<Trial, "seconds" | "failure">): TrialVerdict =>
  failure !== null ? "not measured" : seconds === null ? "open" : seconds > LIMIT_S ? "late" : "refused";

export type TrialRow = Trial & { id: string; at: string; roundId: string };
/** The newest trial of a cause and surface, with what 90 days say of it. `recent`: seconds of the last trials, oldest first; null where not refused. */
export type Measured = Trial & { at: string; median: number | null; worst: number | null; recent: (number | null)[] };
export type Round = { id: string; at: string; endedAt: string | null; failure: string | null; trials: number };
/** `nextAt`: when the next round begins by itself. `isOverdue`: it should have begun long ago. */
export type Monitor = { isOn: boolean; nextAt: string; isOverdue: boolean; last: Round | null; measured: Measured[] };
