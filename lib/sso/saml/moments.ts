import "server-only";
import { SignInRefused } from "../schema";

// Times in SAML. Clocks may differ by a minute; a time that can't be read is none.

export const SKEW_MS = 60_000;
const MOMENT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,3})\d{0,9})?(Z|[+-]\d\d:\d\d)?$/;

/** Milliseconds; null when it is no moment. SAML means UTC also where no zone is written. */
export function momentOf(text: string): number | null {
  const [, seconds, fraction, zone] = MOMENT.exec(text.trim()) ?? [];
  if (!seconds) return null;
  const parsed = Date.parse(`${seconds}.${(fraction ?? "0").padEnd(3, "0")}${zone ?? "Z"}`);
  if (Number.isNaN(parsed)) return null;
  const isReal = new Date(Date.parse(`${seconds}Z`)).toISOString().startsWith(seconds); // 30 February would become 2 March
  return isReal ? parsed : null;
}

/** The moment in `text`; undefined when it is absent. Throws when it is there and can't be read. */
export function readMoment(text: string | null): number | undefined {
  if (text === null) return undefined;
  const moment = momentOf(text);
  if (moment === null) throw new SignInRefused("saml.conditions", "a time that can't be read");
  return moment;
}

/** Throws unless `now` lies within, by a minute on either side. */
export function judgeTimes(now: Date, notBefore: number | undefined, notOnOrAfter: number | undefined): void {
  if (notBefore !== undefined && now.getTime() + SKEW_MS < notBefore) throw new SignInRefused("saml.time", "not yet");
  if (notOnOrAfter !== undefined && now.getTime() - SKEW_MS >= notOnOrAfter) throw new SignInRefused("saml.time", "over");
}
