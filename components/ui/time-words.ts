// Words for times and durations. Takes ISO text with microseconds; the digits beyond milliseconds are only ever shown, never computed with.

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const RELATIVE_UP_TO_MS = 7 * DAY_MS;

const formats = new Map<string, Intl.DateTimeFormat>();
function format(key: string, zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${key} ${zone}`;
  let made = formats.get(id);
  if (!made) {
    made = new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone });
    formats.set(id, made);
  }
  return made;
}

function parts(key: string, zone: string, options: Intl.DateTimeFormatOptions, at: number): Record<string, string> {
  return Object.fromEntries(
    format(key, zone, options)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
}

/** "4 min ago", "yesterday", then "12 Nov, 11:32", with the year when it is not this one. `now` in ms. */
export function relativeTime(iso: string, now: number, zone: string): string {
  const at = Date.parse(iso);
  const age = now - at;
  if (age < 0 && age > -MINUTE_MS) return "now";
  if (age >= 0 && age < RELATIVE_UP_TO_MS) {
    if (age < 10_000) return "now";
    if (age < MINUTE_MS) return `${Math.floor(age / 1000)} s ago`;
    if (age < HOUR_MS) return `${Math.floor(age / MINUTE_MS)} min ago`;
    if (age < DAY_MS) return `${Math.floor(age / HOUR_MS)} h ago`;
    if (age < 2 * DAY_MS) return "yesterday";
    return `${Math.floor(age / DAY_MS)} d ago`;
  }
  return shortTime(iso, now, zone);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sept", "Oct", "Nov", "Dec"];
const two = (number: number) => String(number).padStart(2, "0");

/** How far a zone's clocks are from UTC, by the days that were asked for: the calendar of a zone is slow to ask. */
const offsets = new Map<string, number | null>();
const MOST_OFFSETS = 5_000;

/** The moment in milliseconds of which UTC's parts are what the zone's clocks show. */
function wallClock(at: number, zone: string): number {
  const day = Math.floor(at / DAY_MS);
  const key = `${zone} ${day}`;
  let offset = offsets.get(key);
  if (offset === undefined) {
    const first = offsetAt(day * DAY_MS, zone);
    offset = first === offsetAt((day + 1) * DAY_MS - 1, zone) ? first : null; // null: the clocks change on this day
    if (offsets.size >= MOST_OFFSETS) offsets.clear();
    offsets.set(key, offset);
  }
  return at + (offset ?? offsetAt(at, zone));
}

function offsetAt(at: number, zone: string): number {
  const p = parts(
    "offset",
    zone,
    { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric", hourCycle: "h23" },
    at,
  );
  const wall = Date.UTC(Number(p.year), Number(p.month) - 1, Number(p.day), Number(p.hour), Number(p.minute), Number(p.second));
  return wall - Math.floor(at / 1000) * 1000;
}

/** A day or minute on the wall clock of a zone, as ISO in UTC. */
export function momentIn(text: string, zone: string): string {
  const wall = Date.parse(`${text}${text.length > 10 ? ":00" : "T00:00:00"}Z`);
  let at = wall - offsetAt(wall, zone);
  at = wall - offsetAt(at, zone); // once more, for the hours around a change of daylight saving
  return new Date(at).toISOString();
}

/** The last second of a day in the zone, as ISO in UTC; empty where no day is chosen. */
export const dayEndIn = (day: string, zone: string): string => (day ? new Date(Date.parse(momentIn(`${day}T23:59`, zone)) + 59_000).toISOString() : "");

/** `2026-11-28T14:05`: a moment on the wall clock of a zone, as fields for one take it. */
export const fieldTime = (iso: string, zone: string): string => new Date(wallClock(Date.parse(iso), zone)).toISOString().slice(0, 16);

/** "12 Nov, 11:32"; with the year when it is not this one. */
export function shortTime(iso: string, now: number, zone: string): string {
  const wall = wallClock(Date.parse(iso), zone);
  return `${dayWords(wall, now, zone)}, ${clockWords(wall, false)}`;
}

/** The words of days that were asked for: a list asks for few, again and again. */
const days = new Map<number, { year: number; words: string }>();

function dayOf(wall: number): { year: number; words: string } {
  const day = Math.floor(wall / DAY_MS);
  let found = days.get(day);
  if (!found) {
    const date = new Date(day * DAY_MS);
    found = { year: date.getUTCFullYear(), words: `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}` };
    if (days.size >= MOST_OFFSETS) days.clear();
    days.set(day, found);
  }
  return found;
}

function dayWords(wall: number, now: number, zone: string): string {
  const { year, words } = dayOf(wall);
  return year === dayOf(wallClock(now, zone)).year ? words : `${words} ${year}`;
}

/** "19 Nov, 14:31:35"; with the year when it is not this one. For records in order. */
export function stampTime(iso: string, now: number, zone: string): string {
  const wall = wallClock(Date.parse(iso), zone);
  return `${dayWords(wall, now, zone)}, ${clockWords(wall)}`;
}

/** "14:31:35" in the zone. */
export function clockTime(iso: string, zone: string): string {
  return clockWords(wallClock(Date.parse(iso), zone));
}

/** By the milliseconds of its day, without a date: thousands are drawn for one page. */
function clockWords(wall: number, hasSeconds = true): string {
  const seconds = Math.floor((((wall % DAY_MS) + DAY_MS) % DAY_MS) / 1000);
  const minutes = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}`;
  return hasSeconds ? `${minutes}:${two(seconds % 60)}` : minutes;
}

/** "Thu 19 Nov 2026, 14:31:35.118 CET". */
export function exactTime(iso: string, zone: string): string {
  const at = Date.parse(iso);
  const p = parts(
    "exact",
    zone,
    {
      weekday: "short",
      day: "numeric",
      month: "short",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      fractionalSecondDigits: 3,
      hour12: false,
      timeZoneName: "short",
    },
    at,
  );
  return `${p.weekday} ${p.day} ${p.month} ${p.year}, ${p.hour}:${p.minute}:${p.second}.${p.fractionalSecond} ${p.timeZoneName}`;
}

/** The zone's short name at that moment: "CET", "UTC". */
export function zoneName(zone: string, at: number): string {
  return parts("zone", zone, { timeZoneName: "short" }, at).timeZoneName ?? zone;
}

/** "41 m 18 s", "1 h 04 m", "12 s", "0.4 s". Takes seconds. */
export function durationWords(seconds: number): string {
  if (seconds < 0) return "0 s";
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${String(whole % 60).padStart(2, "0")} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${String(Math.floor((whole % 3600) / 60)).padStart(2, "0")} m`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

/** 48204 → "48,204". */
export function countWords(count: number): string {
  return count < 1000 && count >= 0 && Number.isInteger(count) ? String(count) : count.toLocaleString("en-US");
}

/** "1 version", "48,204 versions"; a plural that is not made by an s is given. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countWords(count)} ${count === 1 ? one : many}`;
}
