"use client";

import { isMac } from "@/components/ui/command-key";
import { Dialog } from "@/components/ui/dialog";
import { Kbd } from "@/components/ui/kbd";
import { useShell } from "./shell-context";
import { goToKeys } from "./shell-data";

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
      { keys: ["e"], what: "What can be done with the row" },
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
    title: "A connector",
    lines: [{ keys: ["v"], what: "Verify it" }],
  },
  {
    title: "Home",
    lines: [{ keys: ["1", "–", "9"], what: "Open the workspace at that place" }],
  },
];

/** The map of the keys, in a dialog. Its code comes when it is first asked for (keys.tsx). */
export function KeyMap({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { data, workspace, preferences } = useShell();
  const places = goToKeys(data, workspace).map(({ key, label }) => ({ keys: ["g", key], what: label }));
  const map = [{ title: "Go to", lines: [...places, { keys: ["g", "w"], what: "Another workspace" }] }, ...MAP];
  return (
    <Dialog open={isOpen} onClose={onClose} title="Keyboard">
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
