import { dayEndIn, momentIn } from "@/components/ui/time-words";
import { PERMISSIONS, type Permission } from "@/lib/authz/permissions";
import { isUuid } from "@/lib/kernel/id";

// What the address of an access page asks for beside its filters; the page and its export read it in the same way.

type Text = string | string[] | undefined;

const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d)?$/;

/** A day and its last moment; null for what is no day. */
export function endOfDay(text: Text, zone: string): { day: string; at: string } | null {
  if (typeof text !== "string" || !DAY.test(text) || Number.isNaN(Date.parse(text))) return null;
  return { day: text, at: dayEndIn(text, zone) };
}

/** A moment on the wall clock of a zone; null for what is none. */
export const momentOf = (text: Text, zone: string): string | null =>
  typeof text === "string" && MOMENT.test(text) && !Number.isNaN(Date.parse(text)) ? momentIn(text, zone) : null;

/** What "who can reach" is asked about: a permission, on a project or all of the place, at a moment. */
export function reachAsked(
  query: Record<string, Text>,
  zone: string,
  inWorkspace: boolean,
): { permission: Permission; projectId: string | null; thingId: string | null; at: string | null } {
  return {
    permission: PERMISSIONS.find((one) => one === query.what) ?? (inWorkspace ? "run:read" : "workspace:read"),
    projectId: typeof query.on === "string" && isUuid(query.on) ? query.on : null,
    thingId: inWorkspace && typeof query.thing === "string" && isUuid(query.thing) ? query.thing : null,
    at: momentOf(query.at, zone),
  };
}

const WHICH = ["deciding", "mine", "all"] as const;

/** Whose requests are asked for; undefined when the address does not say. */
export const whichOf = (text: Text): (typeof WHICH)[number] | undefined => WHICH.find((one) => one === text);
