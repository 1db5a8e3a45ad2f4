import { describe, expect, it } from "vitest";
import { counted, dayEndIn, durationWords, exactTime, fieldTime, momentIn, relativeTime, stampTime } from "./time-words";

const NOW = Date.parse("2026-11-19T13:31:35Z");

describe("times", () => {
  it.each([
    ["2026-11-19T13:31:33.000000Z", "now"],
    ["2026-11-19T13:31:05.000000Z", "30 s ago"],
    ["2026-11-19T13:27:05.000000Z", "4 min ago"],
    ["2026-11-19T08:31:05.000000Z", "5 h ago"],
    ["2026-11-18T08:31:05.000000Z", "yesterday"],
    ["2026-11-14T08:31:05.000000Z", "5 d ago"],
    ["2026-11-12T10:32:05.000000Z", "12 Nov, 11:32"],
    ["2025-11-12T10:32:05.000000Z", "12 Nov 2025, 11:32"],
    ["2026-11-20T10:32:05.000000Z", "20 Nov, 11:32"],
  ])("%s is %s", (iso, words) => expect(relativeTime(iso, NOW, "Europe/Amsterdam")).toBe(words));

  it("gives the exact moment with its zone", () => {
    expect(exactTime("2026-11-19T13:31:35.118604Z", "Europe/Amsterdam")).toBe("Thu 19 Nov 2026, 14:31:35.118 CET");
    expect(exactTime("2026-11-19T23:59:59.999999Z", "UTC")).toBe("Thu 19 Nov 2026, 23:59:59.999 UTC");
    expect(stampTime("2026-11-19T00:00:05.000000Z", NOW, "UTC")).toBe("19 Nov, 00:00:05");
  });

  it.each([
    ["2026-07-01T09:30", "America/New_York", "2026-07-01T13:30:00.000Z"],
    ["2026-03-29T04:00", "Europe/Amsterdam", "2026-03-29T02:00:00.000Z"],
    ["2026-10-25T04:00", "Europe/Amsterdam", "2026-10-25T03:00:00.000Z"],
  ])("%s on the clocks of %s is %s, and back", (text, zone, iso) => {
    expect(momentIn(text, zone)).toBe(iso);
    expect(fieldTime(iso, zone)).toBe(text);
  });

  it("ends a day where the person is", () => {
    expect(dayEndIn("2026-12-01", "America/New_York")).toBe("2026-12-02T04:59:59.000Z");
    expect(dayEndIn("", "UTC")).toBe("");
  });
});

it.each([
  [0.04, "0.0 s"],
  [0.44, "0.4 s"],
  [12, "12 s"],
  [59.7, "1 m 00 s"],
  [2478, "41 m 18 s"],
  [3840, "1 h 04 m"],
  [200_000, "2 d 7 h"],
  [-3, "0 s"],
])("%d seconds are %s", (seconds, words) => expect(durationWords(seconds)).toBe(words));

it.each([
  [0, "0 versions"],
  [1, "1 version"],
  [48_204, "48,204 versions"],
])("%d is %s", (count, words) => expect(counted(count, "version")).toBe(words));
