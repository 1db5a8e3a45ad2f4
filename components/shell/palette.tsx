"use client";

import { usePathname } from "next/navigation";
import { type ComponentType, useEffect, useState } from "react";
import { hasCommand, isMac } from "@/components/ui/command-key";
import { Icon } from "@/components/ui/icon";
import { Kbd } from "@/components/ui/kbd";
import { keepRecent } from "./recent";
import { useShell } from "./shell-context";

/** Raised by the top bar's search and whoever else opens the palette. */
export const OPEN_PALETTE = "reeve:open-palette";

type PaletteDialog = ComponentType<{ onClose: () => void }>;
const load = () => import("./palette-dialog").then((module) => module.PaletteDialog as PaletteDialog);

/** The palette's door: its code is fetched when the page has nothing else to do, so that it opens at once. */
export function Palette() {
  const { data } = useShell();
  const pathname = usePathname();
  const [Dialog, setDialog] = useState<PaletteDialog | null>(null);
  const [isOpen, setOpen] = useState(false);

  useEffect(() => {
    const fetchAhead = () => void load().then((loaded) => setDialog(() => loaded));
    if ("requestIdleCallback" in window) {
      const id = requestIdleCallback(fetchAhead, { timeout: 4_000 });
      return () => cancelIdleCallback(id);
    }
    const timer = setTimeout(fetchAhead, 1_500);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    const show = () => {
      setOpen(true);
      void load().then((loaded) => setDialog(() => loaded));
    };
    // ⌘K holds in fields too, and whether or not single keys are on.
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || event.shiftKey || event.altKey || !hasCommand(event)) return;
      event.preventDefault();
      show();
    };
    window.addEventListener("keydown", onKey);
    window.addEventListener(OPEN_PALETTE, show);
    return () => {
      window.removeEventListener("keydown", onKey);
      window.removeEventListener(OPEN_PALETTE, show);
    };
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => keepRecent(data.person.name, { href: pathname, label: document.title.replace(/ · Reeve$/, "") }), 600);
    return () => clearTimeout(timer);
  }, [pathname, data.person.name]);

  return isOpen && Dialog ? <Dialog onClose={() => setOpen(false)} /> : null;
}

/** The search in the top bar. */
export function PaletteButton() {
  const [key, setKey] = useState("Ctrl K");
  useEffect(() => setKey(isMac() ? "⌘ K" : "Ctrl K"), []);
  return (
    <button
      type="button"
      aria-label="Search things, pages and actions"
      aria-keyshortcuts="Control+K Meta+K"
      onClick={() => window.dispatchEvent(new Event(OPEN_PALETTE))}
      className="inline-flex h-7 shrink-0 items-center gap-2 rounded-1 border border-rule-strong px-2 text-ink-3 hover:bg-hover max-md:size-10 max-md:justify-center max-md:border-transparent max-md:p-0"
    >
      <Icon name="search" size={14} />
      <span className="max-lg:hidden">Search</span>
      <span className="max-md:hidden">
        <Kbd>{key}</Kbd>
      </span>
    </button>
  );
}
