"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef } from "react";
import { isTyping } from "@/components/shell/keys";
import { useShell } from "@/components/shell/shell-context";
import { type RunTab, runViewHref, type RunView } from "./run-view";

type Props = {
  path: string;
  view: RunView;
  /** The tabs in their order: 1 opens the first. */
  tabs: readonly RunTab[];
  /** True where the open tab has an `n` of its own. */
  walksFailed: boolean;
  /** Names of failed steps, in their order. */
  failed: string[];
  /** What the open panel leads to; null when none is open. */
  panel: { id: string; close: string; previous: string | null; next: string | null } | null;
};

/**
 * The keys of a run's page: `1`–`7` tabs, `l` logs, `n` next failed step, `[` `]` the panel's neighbours, Esc closes it. A panel that was
 * opened by key takes the focus, and gives it back when it closes; one that was opened by click leaves it where it is.
 */
export function RunKeys({ path, view, tabs, walksFailed, failed, panel }: Props) {
  const router = useRouter();
  const { preferences } = useShell();
  const isByKey = useRef(false);
  const cameFrom = useRef<HTMLElement | null>(null);

  useEffect(() => {
    const go = (href: string | null, opens: boolean) => {
      if (!href) return false;
      isByKey.current = opens;
      if (opens && !panel) cameFrom.current = document.activeElement as HTMLElement | null;
      router.push(href, { scroll: false });
      return true;
    };
    const follow = (key: string): boolean => {
      if (key === "Escape") return go(panel?.close ?? null, false);
      if (!preferences.hasKeys) return false;
      if (key === "[") return go(panel?.previous ?? null, true);
      if (key === "]") return go(panel?.next ?? null, true);
      if (key === "l") return go(runViewHref(path, { ...view, tab: "logs", find: "", status: null, group: null, from: 0 }), false);
      if (key === "n" && !walksFailed) {
        const name = failed[(failed.indexOf(view.step?.name ?? "") + 1) % failed.length];
        return go(name ? runViewHref(path, { ...view, step: { name, version: null }, pane: "overview" }) : null, true);
      }
      const tab = tabs[Number(key) - 1];
      return go(tab ? runViewHref(path, { ...view, tab, find: "", status: null, group: null, from: 0 }) : null, false);
    };
    const onKey = (event: KeyboardEvent) => {
      if (!isTyping(event) && !event.shiftKey && follow(event.key)) event.preventDefault();
    };
    // Enter on a link is a click without a pointer.
    const onClick = (event: MouseEvent) => {
      const link = (event.target as Element | null)?.closest?.("a");
      if (!link || link.closest("[data-panel]") || !/[?&](step|artifact)=/.test(link.search)) return;
      isByKey.current = event.detail === 0;
      if (isByKey.current) cameFrom.current = link;
    };
    window.addEventListener("keydown", onKey);
    window.addEventListener("click", onClick, true);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener("click", onClick, true);
    };
  }, [router, path, view, tabs, walksFailed, failed, panel, preferences.hasKeys]);

  const open = panel?.id;
  useEffect(() => {
    if (open) {
      // It is in the window already, and what it is about stays where it is.
      if (isByKey.current) document.querySelector<HTMLElement>("[data-panel]")?.focus({ preventScroll: true });
    } else if (cameFrom.current?.isConnected) {
      cameFrom.current.focus();
      cameFrom.current = null;
    }
    isByKey.current = false;
  }, [open]);
  return null;
}
