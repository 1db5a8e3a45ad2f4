"use client";

import { useRouter } from "next/navigation";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { cx } from "@/components/ui/class-names";
import { hasCommand, isMac } from "@/components/ui/command-key";
import { Icon } from "@/components/ui/icon";
import { Kbd } from "@/components/ui/kbd";
import { counted } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";
import type { PaletteAnswer } from "@/lib/palette/schema";
import { SHOW_KEY_MAP } from "./keys";
import { type Entry, paletteGroups } from "./palette-entries";
import { recentPages } from "./recent";
import { useShell } from "./shell-context";

const WAIT_MS = 90;
const NOTHING: PaletteAnswer = { things: [], actions: [] };

/** Search over things, pages and actions. Arrows move, Enter goes, ⌘Enter copies an action's command line, Esc closes. */
export function PaletteDialog({ onClose }: { onClose: () => void }) {
  const shell = useShell();
  const { data, workspace } = shell;
  const router = useRouter();
  const toast = useToast();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const listId = useId();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [said, setSaid] = useState("");
  const { answer, failure, isAsking } = useAnswer(text, workspace?.slug);
  const recent = useMemo(() => recentPages(data.person.name), [data.person.name]);
  const groups = paletteGroups(text, shell, recent, answer);
  const entries = groups.flatMap((group) => group.entries);
  const current = entries[Math.min(active, entries.length - 1)];

  useEffect(() => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
  }, []);

  const go = (href: string) => {
    onClose();
    router.push(href);
  };
  // What was pasted and means exactly one thing is where one wants to be.
  const pasted = useRef(false);
  useEffect(() => {
    const exact = answer.things.filter((thing) => thing.isExact);
    if (!pasted.current || isAsking) return;
    pasted.current = false;
    if (exact.length === 1 && exact[0]) go(exact[0].href);
  });

  const copy = (entry: Entry | undefined) => {
    if (!entry?.command) return;
    navigator.clipboard.writeText(entry.command).then(
      () => {
        toast("Command line copied");
        onClose();
      },
      () => setSaid("The browser did not let the command line be copied."),
    );
  };
  const choose = (entry: Entry | undefined) => {
    if (!entry) return;
    if (entry.refusal) setSaid(entry.refusal);
    else if (entry.run === "key-map") {
      onClose();
      window.dispatchEvent(new Event(SHOW_KEY_MAP));
    } else if (entry.href) go(entry.href);
  };
  const move = (to: number) => {
    const next = (to + entries.length) % Math.max(1, entries.length);
    setActive(next);
    setSaid("");
    list.current?.querySelector(`[data-at="${next}"]`)?.scrollIntoView({ block: "nearest" });
  };

  let at = -1;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it by key, which the browser reports as onClose
    <dialog
      ref={dialog}
      aria-label="Search things, pages and actions"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      className="m-0 mx-auto mt-[12vh] w-[min(640px,calc(100vw-32px))] overflow-hidden rounded-3 border border-rule-strong bg-paper p-0 text-ink-2 shadow-pop backdrop:bg-scrim max-md:mt-0 max-md:h-dvh max-md:max-h-dvh max-md:w-full max-md:max-w-full max-md:rounded-none max-md:border-0"
    >
      <div className="flex h-full max-h-[70dvh] flex-col max-md:max-h-dvh">
        <div className="flex items-center gap-2.5 border-b border-rule px-4">
          <Icon name="search" className="text-ink-3" />
          <input
            autoFocus
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setActive(0);
              setSaid("");
            }}
            onPaste={() => {
              pasted.current = true;
            }}
            onKeyDown={(event) => {
              if (event.nativeEvent.isComposing) return;
              if (event.key === "ArrowDown" || (event.key === "n" && event.ctrlKey && isMac())) move(active + 1);
              else if (event.key === "ArrowUp" || (event.key === "p" && event.ctrlKey && isMac())) move(active - 1);
              else if (event.key === "Enter" && hasCommand(event)) copy(current);
              else if (event.key === "Enter") choose(current);
              else return;
              event.preventDefault();
            }}
            role="combobox"
            aria-expanded="true"
            aria-controls={listId}
            aria-autocomplete="list"
            aria-activedescendant={current ? `${listId}-${entries.indexOf(current)}` : undefined}
            aria-label="Search"
            placeholder="A name, №, id or digest; a page; something to do"
            spellCheck={false}
            autoComplete="off"
            className="h-12 min-w-0 flex-1 bg-transparent text-form text-ink outline-none placeholder:text-ink-3 max-md:text-[16px]"
          />
          <button type="button" onClick={onClose} className="min-h-6 rounded-1 px-1 text-ink-3 hover:text-ink max-md:min-h-10">
            <span className="max-md:hidden">
              <Kbd>Esc</Kbd>
            </span>
            <span className="md:sr-only">Close</span>
          </button>
        </div>
        <div ref={list} id={listId} role="listbox" aria-label="Results" aria-busy={isAsking} className="min-h-0 flex-1 overflow-auto p-1.5">
          {groups.map((group) => (
            // biome-ignore lint/a11y/useSemanticElements: a group of options in a listbox
            <div key={group.label} role="group" aria-labelledby={`${listId} ${group.label}`.replaceAll(" ", "-")}>
              <div id={`${listId} ${group.label}`.replaceAll(" ", "-")} className="px-2.5 pt-2 pb-1 text-label text-ink-3">
                {group.label}
              </div>
              {group.entries.map((entry) => {
                at += 1;
                const index = at;
                const isActive = entry === current;
                return (
                  // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles the keys of its options
                  <div
                    key={entry.id}
                    id={`${listId}-${index}`}
                    data-at={index}
                    role="option"
                    aria-selected={isActive}
                    aria-disabled={entry.refusal ? true : undefined}
                    onClick={() => choose(entry)}
                    onPointerMove={() => index !== active && setActive(index)}
                    className={cx(
                      "flex min-h-8 cursor-pointer items-center gap-2.5 rounded-1 px-2.5 py-1 max-md:min-h-11",
                      isActive && "bg-select",
                      entry.refusal ? "text-ink-3" : "text-ink",
                    )}
                  >
                    <Icon name={entry.refusal ? "lock" : entry.icon} size={15} className="text-ink-3" />
                    <span className="min-w-0 truncate">{entry.label}</span>
                    <span className="ml-auto min-w-0 shrink-[4] truncate text-right text-meta text-ink-3">{entry.refusal ?? entry.note}</span>
                    {isActive && entry.command && !entry.refusal && (
                      <span className="shrink-0 text-meta text-ink-3 max-md:hidden">
                        <Kbd>{isMac() ? "⌘↵" : "Ctrl ↵"}</Kbd> copies the command
                      </span>
                    )}
                  </div>
                );
              })}
            </div>
          ))}
          {entries.length === 0 && !isAsking && !failure && <p className="px-2.5 py-3">Nothing that you may read has this name, № or id.</p>}
        </div>
        <p role="status" className={cx("border-t border-rule px-4 py-2 text-meta", failure || said ? "text-ink" : "sr-only")}>
          {failure || said || (isAsking ? "" : counted(entries.length, "result"))}
        </p>
      </div>
    </dialog>
  );
}

/** The server's answer to the text; the last one stays while the next is on its way. */
function useAnswer(text: string, workspace: string | undefined): { answer: PaletteAnswer; failure: string; isAsking: boolean } {
  const [state, setState] = useState<{ answer: PaletteAnswer; failure: string; asked: string | null }>({ answer: NOTHING, failure: "", asked: null });
  const sought = text.trim();
  useEffect(() => {
    const ending = new AbortController();
    const timer = setTimeout(
      () => {
        const query = new URLSearchParams({ q: sought, ...(workspace && { workspace }) });
        fetch(`/api/palette?${query}`, { signal: ending.signal })
          .then(async (response) => {
            if (response.ok) return setState({ answer: (await response.json()) as PaletteAnswer, failure: "", asked: sought });
            const { error } = (await response.json()) as { error: { message: string; requestId: string } };
            setState((before) => ({ ...before, failure: `${error.message} Request ${error.requestId}`, asked: sought }));
          })
          .catch((error: Error) => {
            if (error.name !== "AbortError")
              setState((before) => ({ ...before, failure: "The server did not answer: things can't be found now.", asked: sought }));
          });
      },
      sought === "" ? 0 : WAIT_MS,
    );
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, [sought, workspace]);
  return { answer: state.answer, failure: state.failure, isAsking: state.asked !== sought };
}
