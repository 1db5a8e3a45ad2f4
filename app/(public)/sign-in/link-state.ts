/** What the page of a one-use link knows after a try. */
export type LinkState =
  | { status: "idle" }
  | { status: "done" }
  | { status: "throttled"; waitS: number; requestId: string }
  | { status: "error"; message: string; fix?: string; fields?: Record<string, string>; requestId: string };
