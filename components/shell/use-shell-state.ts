"use client";

import { usePathname } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import type { ShellState } from "@/lib/organizations/schema";

const EVERY_MS = 30_000;
const AT_MOST_EVERY_MS = 5_000;

/** The shell's changing part: asked for again when one goes to another page or comes back, and every 30 s meanwhile. */
export function useShellState(first: ShellState): { state: ShellState; refresh: () => void } {
  const [state, setState] = useState(first);
  const pathname = usePathname();
  const askedAt = useRef(0);
  const refresh = useCallback((isUrgent = true) => {
    if (document.hidden || (!isUrgent && Date.now() - askedAt.current < AT_MOST_EVERY_MS)) return;
    askedAt.current = Date.now();
    fetch("/api/shell", { headers: { accept: "application/json" } })
      .then(async (response) => {
        if (response.ok) setState((await response.json()) as ShellState);
      })
      .catch(() => undefined); // the page itself says when the server is away
  }, []);
  useEffect(() => {
    askedAt.current = Date.now(); // the layout has just brought it
    const timer = setInterval(() => refresh(false), EVERY_MS);
    const onShow = () => refresh(false);
    document.addEventListener("visibilitychange", onShow);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", onShow);
    };
  }, [refresh]);
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    refresh(false);
  }, [pathname, refresh]);
  return { state, refresh };
}
