"use client";

import { useEffect, useState } from "react";

/** The time that is left until a moment, each second; `whenOver` is called once at its end. */
export function Countdown({ until, whenOver }: { until: string; whenOver?: () => void }) {
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    const tick = () => {
      const seconds = Math.max(0, Math.ceil((Date.parse(until) - Date.now()) / 1_000));
      setLeft(seconds);
      if (seconds > 0) return;
      clearInterval(timer);
      whenOver?.();
    };
    const timer = setInterval(tick, 1_000);
    tick();
    return () => clearInterval(timer);
  }, [until, whenOver]);
  return <span className="tabular-nums">{left === null ? "…" : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`}</span>;
}
