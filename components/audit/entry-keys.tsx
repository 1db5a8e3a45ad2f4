"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { isTyping } from "@/components/shell/keys";
import { useShell } from "@/components/shell/shell-context";

/** `[` and `]` walk the trail, Esc closes the panel. */
export function EntryKeys({ later, earlier, close }: { later: string | null; earlier: string | null; close?: string }) {
  const router = useRouter();
  const { preferences } = useShell();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      const to = event.key === "Escape" ? close : !preferences.hasKeys ? null : event.key === "[" ? later : event.key === "]" ? earlier : null;
      if (!to) return;
      event.preventDefault();
      router.push(to, { scroll: false });
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [router, later, earlier, close, preferences.hasKeys]);
  return null;
}
