"use client";

import { useEffect } from "react";
import { isTyping } from "@/components/shell/keys";
import { useShell } from "@/components/shell/shell-context";

/** The keys 1 to 9 open the workspace at that place. */
export function NumberKeys() {
  const { preferences } = useShell();
  useEffect(() => {
    if (!preferences.hasKeys) return;
    const onKey = (event: KeyboardEvent) => {
      if (!/^[1-9]$/.test(event.key) || isTyping(event)) return;
      document.querySelector<HTMLAnchorElement>(`a[data-workspace="${event.key}"]`)?.click();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [preferences.hasKeys]);
  return null;
}
