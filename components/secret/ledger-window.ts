// The time that a ledger is asked for, in its address: `from` and `to` as instants, or nothing for the last thirty days until now.

const DAY_MS = 86_400_000;
export const LEDGER_SPANS = [
  { days: 1, label: "24 h" },
  { days: 7, label: "7 days" },
  { days: 30, label: "30 days" },
  { days: 365, label: "1 year" },
] as const;
const USUAL_DAYS = 30;

export type LedgerWindow = { from: string; to: string; days: number | null };

type SearchParams = Record<string, string | string[] | undefined>;
const instant = (value: unknown) => (typeof value === "string" && !Number.isNaN(Date.parse(value)) ? Date.parse(value) : null);

/** Reads the address; what can't be read is the usual time. */
export function readLedgerWindow(params: SearchParams, now: number): LedgerWindow {
  const [from, to] = [instant(params.from), instant(params.to)];
  if (from !== null && from <= (to ?? now)) return { from: new Date(from).toISOString(), to: new Date(to ?? now).toISOString(), days: null };
  const days = LEDGER_SPANS.find((span) => String(span.days) === params.days)?.days ?? USUAL_DAYS;
  return { from: new Date(now - days * DAY_MS).toISOString(), to: new Date(now).toISOString(), days };
}
