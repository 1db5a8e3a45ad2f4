"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useClock } from "@/components/ui/clock";
import { later, useLater } from "@/components/ui/layers";
import { useToast } from "@/components/ui/toast";
import { goTo } from "./shell-data";
import { useShell } from "./shell-context";
import { OPEN_SWITCHER } from "./switcher";

/** Raised by the account menu. */
export const SHOW_KEY_MAP = "reeve:show-key-map";

const mapCode = later(() => import("./key-map"));
const SEQUENCE_MS = 1200;

/** True while a key belongs to a field, a menu or a modifier, and not to us. */
export function isTyping(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isInField(event);
}

/** True when the key was pressed in a field, a menu or a dialog. */
export function isInField(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return Boolean(target?.closest("input:not([type=checkbox]), textarea, select, [contenteditable], [role=menu], [role=listbox], dialog, [role=dialog]"));
}

/** The keys that hold everywhere, and their map. Off when the person switched single keys off. */
export function Keys() {
  const { data, workspace, project, preferences } = useShell();
  const { toggleExact } = useClock();
  const toast = useToast();
  const router = useRouter();
  const [isMapOpen, setMapOpen] = useState(false);
  const keyMap = useLater(mapCode, isMapOpen);

  useEffect(() => {
    const show = () => setMapOpen(true);
    window.addEventListener(SHOW_KEY_MAP, show);
    return () => window.removeEventListener(SHOW_KEY_MAP, show);
  }, []);

  useEffect(() => {
    if (!preferences.hasKeys) return;
    let pendingUntil = 0;
    const follow = (key: string): boolean => {
      if (key === "w") window.dispatchEvent(new Event(OPEN_SWITCHER));
      else {
        const href = goTo(data, workspace, key, project);
        if (!href) return false;
        router.push(href);
      }
      return true;
    };
    const onKey = (event: KeyboardEvent) => {
      if (isTyping(event)) return;
      if (event.timeStamp < pendingUntil) {
        pendingUntil = 0;
        if (follow(event.key)) event.preventDefault();
        return;
      }
      if (event.key === "g") pendingUntil = event.timeStamp + SEQUENCE_MS;
      else if (event.key === "?") setMapOpen(true);
      else if (event.key === "t") toggleExact();
      else if (event.key === "/") {
        const search = document.querySelector<HTMLElement>("[data-page-search]");
        if (!search) return;
        search.click();
        search.focus();
      } else if (event.key === "y")
        navigator.clipboard.writeText(location.href).then(
          () => toast("Link copied"),
          () => undefined,
        );
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [data, workspace, project, preferences.hasKeys, router, toggleExact, toast]);

  return keyMap && <keyMap.KeyMap isOpen={isMapOpen} onClose={() => setMapOpen(false)} />;
}
