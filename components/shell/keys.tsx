"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { useClock } from "@/components/ui/clock";
import { isMac } from "@/components/ui/command-key";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { useToast } from "@/components/ui/toast";
import { goTo, goToKeys } from "./shell-data";
import { useShell } from "./shell-context";
import { OPEN_SWITCHER } from "./switcher";

/** Raised by the account menu. */
export const SHOW_KEY_MAP = "reeve:show-key-map";

const SEQUENCE_MS = 1200;

type Line = { keys: string[]; what: string };

/** The keys that do not depend on who one is. `⌘` stands for Ctrl where there is none. */
const MAP: { title: string; lines: Line[] }[] = [
  {
    title: "Everywhere",
    lines: [
      { keys: ["⌘", "K"], what: "Search things, pages, actions" },
      { keys: ["⌘", "⇧", "C"], what: "Copy this view as a command line" },
      { keys: ["/"], what: "Search in this page" },
      { keys: ["t"], what: "Exact times, and back" },
      { keys: ["y"], what: "Copy the link of this page" },
      { keys: ["Esc"], what: "Close one layer" },
      { keys: ["?"], what: "This map" },
    ],
  },
  {
    title: "Lists",
    lines: [
      { keys: ["j"], what: "Next row" },
      { keys: ["k"], what: "Previous row" },
      { keys: ["←", "→"], what: "Cells of a row" },
      { keys: ["↵"], what: "Open the row" },
      { keys: ["x"], what: "Select the row, where rows can be selected" },
      { keys: ["⇧", "x"], what: "Select up to the row" },
      { keys: ["⌘", "A"], what: "Select the page" },
      { keys: ["Esc"], what: "Clear the selection" },
      { keys: ["f"], what: "Add a filter" },
      { keys: ["⇧", "f"], what: "Filter by the cell" },
      { keys: ["o"], what: "On a filter: or the one before" },
      { keys: ["."], what: "Show new rows" },
      { keys: ["⌥", "↑↓"], what: "Move a column, in the columns menu" },
    ],
  },
  {
    title: "Records",
    lines: [
      { keys: ["["], what: "Later audit entry" },
      { keys: ["]"], what: "Earlier audit entry" },
    ],
  },
  {
    title: "A run",
    lines: [
      { keys: ["1", "–", "7"], what: "Open the tab at that place" },
      { keys: ["l"], what: "Its logs" },
      { keys: ["n"], what: "Next failed step" },
      { keys: ["["], what: "Step or artifact before the open one" },
      { keys: ["]"], what: "Step or artifact after it" },
      { keys: ["⌥", "←→"], what: "Width of the panel" },
      { keys: ["f"], what: "Only what the chosen node touches, in the graph" },
    ],
  },
  {
    title: "Home",
    lines: [{ keys: ["1", "–", "9"], what: "Open the workspace at that place" }],
  },
];

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

  const places = goToKeys(data, workspace).map(({ key, label }) => ({ keys: ["g", key], what: label }));
  const map = [{ title: "Go to", lines: [...places, { keys: ["g", "w"], what: "Another workspace" }] }, ...MAP];
  return (
    <Dialog open={isMapOpen} onClose={() => setMapOpen(false)} title="Keyboard">
      {!preferences.hasKeys && <p className="mb-3">Single-key shortcuts are off. The account menu turns them on.</p>}
      <div className="grid gap-x-8 gap-y-4 md:grid-cols-2">
        {map.map((group) => (
          <section key={group.title}>
            <h3 className="border-b border-rule pb-1 text-label text-ink-3">{group.title}</h3>
            <dl>
              {group.lines.map(({ keys, what }) => (
                <div key={what} className="flex min-h-7 items-center gap-3">
                  <dt className="flex w-20 shrink-0 gap-1">
                    {keys.map((key) => (key === "–" ? <span key={key}>to</span> : <Kbd key={key}>{key === "⌘" && !isMac() ? "Ctrl" : key}</Kbd>))}
                  </dt>
                  <dd className="text-ink">{what}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
