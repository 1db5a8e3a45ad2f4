"use client";

import { useRouter } from "next/navigation";
import { useEffect, useId, useRef, useState } from "react";
import { cx } from "@/components/ui/class-names";
import { Icon } from "@/components/ui/icon";
import { Popover } from "@/components/ui/popover";
import { switchPath } from "./shell-data";
import { useShell } from "./shell-context";

/** Raised by the keys `g w`. */
export const OPEN_SWITCHER = "reeve:open-switcher";

type Choice = { key: string; label: string; note?: string; href: string; isCurrent: boolean };

/** The workspace switcher: type to filter, arrows and Enter to go. Suspended workspaces come last, with the word. */
export function Switcher({ isFolded = false, listensToKeys = true }: { isFolded?: boolean; listensToKeys?: boolean }) {
  const { data, workspace, pathname } = useShell();
  const router = useRouter();
  const listId = useId();
  const list = useRef<HTMLUListElement>(null);
  const [open, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);

  useEffect(() => {
    if (!listensToKeys) return;
    const show = () => setOpen(true);
    window.addEventListener(OPEN_SWITCHER, show);
    return () => window.removeEventListener(OPEN_SWITCHER, show);
  }, [listensToKeys]);

  const matches = data.workspaces
    .filter((item) => `${item.slug} ${item.displayName}`.toLowerCase().includes(text.toLowerCase()))
    .sort((a, b) => Number(a.state !== "active") - Number(b.state !== "active"));
  const choices: Choice[] = [
    ...(text ? [] : [{ key: "*", label: "All workspaces", href: "/", isCurrent: !workspace }]),
    ...matches.map((item) => ({
      key: item.slug,
      label: item.slug,
      note: item.state === "active" ? (item.displayName === item.slug ? undefined : item.displayName) : "Suspended",
      href: switchPath(item, pathname),
      isCurrent: item.slug === workspace?.slug,
    })),
  ];

  const go = (choice: Choice | undefined) => {
    if (!choice) return;
    setOpen(false);
    router.push(choice.href);
  };
  const move = (to: number) => {
    const next = Math.max(0, Math.min(choices.length - 1, to));
    setActive(next);
    list.current?.children[next]?.scrollIntoView({ block: "nearest" });
  };

  const label = workspace?.slug ?? "All workspaces";
  return (
    <Popover
      label="Switch workspace"
      className="w-72 p-1"
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setText("");
        setActive(0);
      }}
      trigger={
        <button
          type="button"
          title={isFolded ? `Switch workspace: ${label}` : "Switch workspace (g w)"}
          aria-label={`Switch workspace, now ${label}`}
          className={cx(
            "flex h-8 w-full items-center justify-between gap-1 rounded-1 border border-control bg-paper font-medium text-ink hover:bg-hover max-md:h-11",
            isFolded ? "justify-center" : "pr-1.5 pl-2.5",
          )}
        >
          {!isFolded && <span className="truncate">{label}</span>}
          <Icon name="chevrons-up-down" size={14} className="text-ink-3" />
        </button>
      }
    >
      <input
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") move(active + 1);
          else if (event.key === "ArrowUp") move(active - 1);
          else if (event.key === "Enter") go(choices[active]);
          else return;
          event.preventDefault();
        }}
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={choices[active] ? `${listId}-${active}` : undefined}
        aria-label="Filter workspaces"
        placeholder="Filter workspaces"
        className="mb-1 h-8 w-full rounded-1 border border-control bg-paper px-2.5 text-ink placeholder:text-ink-3 max-md:h-11 max-md:text-[16px]"
      />
      <ul ref={list} id={listId} role="listbox" aria-label="Workspaces" className="max-h-80 overflow-auto">
        {choices.map((choice, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles the keys of its options
          <li
            key={choice.key}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={choice.isCurrent}
            onClick={() => go(choice)}
            onPointerMove={() => setActive(index)}
            className={cx("flex h-8 cursor-pointer items-center gap-2 rounded-1 px-2.5 text-ink max-md:h-11", index === active && "bg-select")}
          >
            <Icon name="check" size={14} className={choice.isCurrent ? undefined : "invisible"} />
            <span className="truncate">{choice.label}</span>
            {choice.note && <span className="ml-auto truncate text-meta text-ink-3">{choice.note}</span>}
          </li>
        ))}
        {choices.length === 0 && <li className="px-2.5 py-1.5 text-ink-3">No workspace has this in its name.</li>}
      </ul>
    </Popover>
  );
}
