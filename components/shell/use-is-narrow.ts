"use client";

import { useEffect, useSyncExternalStore } from "react";
import { keepPreference } from "./preferences";

const NARROW = "(max-width: 767px)";

function subscribe(onChange: () => void): () => void {
  const query = window.matchMedia(NARROW);
  query.addEventListener("change", onChange);
  return () => query.removeEventListener("change", onChange);
}

/**
 * True below 768 px, where lists show two-line rows. The server draws only one of the two: what this browser's window was the last time
 * (`guess`), which the first look at the window sets right.
 */
export function useIsNarrow(guess: boolean): boolean {
  const isNarrow = useSyncExternalStore(
    subscribe,
    () => window.matchMedia(NARROW).matches,
    () => guess,
  );
  useEffect(() => {
    if (isNarrow !== guess) keepPreference("screen", isNarrow ? "narrow" : "wide");
  }, [isNarrow, guess]);
  return isNarrow;
}
