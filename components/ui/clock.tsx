"use client";

import { exactTime } from "./time-words";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";

// One clock for the page: server time on the first paint (so that nothing differs on hydration), then a tick each 20 s.
// `exact` is what the key `t` toggles.
type Clock = { now: number; zone: string; exact: boolean; toggleExact: () => void };

const ClockContext = createContext<Clock>({ now: 0, zone: "UTC", exact: false, toggleExact: () => undefined });

const TICK_MS = 20_000;

/** Gives every Time below it the same now and the person's time zone. `zone` is the IANA name that the server knows. */
export function ClockProvider({ now, zone, children }: { now: string; zone: string; children: ReactNode }) {
  const [offsetMs, setOffsetMs] = useState<number | null>(null);
  const [tick, setTick] = useState(() => Date.parse(now));
  const [exact, setExact] = useState(false);

  useEffect(() => {
    const serverAheadMs = Date.parse(now) - Date.now();
    setOffsetMs(serverAheadMs);
    setTick(Date.now() + serverAheadMs);
    const timer = setInterval(() => setTick(Date.now() + serverAheadMs), TICK_MS);
    return () => clearInterval(timer);
  }, [now]);

  // The exact time of a moment is worked out when somebody points at it, not for every row of every list.
  useEffect(() => {
    const onPoint = (event: Event) => {
      const moment = (event.target as Element).closest?.<HTMLTimeElement>("time[datetime]:not([title])");
      if (moment) moment.title = `${exactTime(moment.dateTime, zone)}\n${exactTime(moment.dateTime, "UTC")}`;
    };
    document.addEventListener("pointerover", onPoint);
    return () => document.removeEventListener("pointerover", onPoint);
  }, [zone]);

  const value = useMemo(
    () => ({ now: offsetMs === null ? Date.parse(now) : tick, zone, exact, toggleExact: () => setExact((was) => !was) }),
    [offsetMs, now, tick, zone, exact],
  );
  return <ClockContext.Provider value={value}>{children}</ClockContext.Provider>;
}

const SECOND_MS = 1_000;

/** The page's now, each second while `isRunning`: for what runs. Hidden pages wait. */
export function useNow(isRunning: boolean): number {
  const { now } = useClock();
  const [passed, setPassed] = useState({ since: now, ms: 0 });
  useEffect(() => {
    if (!isRunning) return;
    const began = Date.now();
    const timer = setInterval(() => document.hidden || setPassed({ since: now, ms: Date.now() - began }), SECOND_MS);
    return () => clearInterval(timer);
  }, [isRunning, now]);
  return passed.since === now ? now + passed.ms : now;
}

/** The page's now (ms), the person's zone, and whether exact times are shown. */
export function useClock(): Clock {
  return useContext(ClockContext);
}
