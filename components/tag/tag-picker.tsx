"use client";

import { useEffect, useId, useState } from "react";
import { cx } from "@/components/ui/class-names";
import { Field, Input } from "@/components/ui/field";
import { Icon } from "@/components/ui/icon";
import { countWords } from "@/components/ui/time-words";
import { TAG_NAME_MAX, type TagSuggestion } from "@/lib/tags/schema";

const WAIT_MS = 120;

type Props = {
  id: string;
  /** The workspace's slug. */
  workspace: string;
  label: string;
  help?: string;
  error?: string;
  chosen: readonly string[];
  onChange: (names: string[]) => void;
  /** Whether a name that no tag has makes a new one. */
  makesNew?: boolean;
};

/** Chooses tags by typing: those that there are, and new ones. Arrows move, Enter takes, Backspace in an empty field gives the last one back. */
export function TagPicker({ id, workspace, label, help, error, chosen, onChange, makesNew = true }: Props) {
  const listId = useId();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const { tags, failure } = useSuggestions(workspace, text);
  const name = text.trim();
  const isNew = makesNew && name !== "" && !tags.some((tag) => tag.name === name) && !chosen.includes(name);
  const options = [...tags.filter((tag) => !chosen.includes(tag.name)).map((tag) => tag.name), ...(isNew ? [name] : [])];
  const current = Math.min(active, options.length - 1);
  const take = (option: string | undefined) => {
    if (!option) return;
    onChange([...chosen, option]);
    setText("");
    setActive(0);
  };
  return (
    <div className="flex flex-col gap-2">
      {chosen.length > 0 && (
        <ul aria-label="Chosen tags" className="flex flex-wrap gap-1.5">
          {chosen.map((tag) => (
            <li key={tag} className="inline-flex h-6 max-w-full items-center rounded-1 border border-rule-strong pl-2 text-meta text-ink">
              <span className="truncate">{tag}</span>
              <button
                type="button"
                aria-label={`Take off ${tag}`}
                className="grid size-6 place-items-center text-ink-3 hover:text-ink max-md:size-8"
                onClick={() => onChange(chosen.filter((other) => other !== tag))}
              >
                <Icon name="x" size={12} />
              </button>
            </li>
          ))}
        </ul>
      )}
      <Field id={id} label={label} help={help} error={error}>
        <Input
          id={id}
          name={`ui-${id}`}
          role="combobox"
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={listId}
          aria-activedescendant={options[current] === undefined ? undefined : `${listId}-${current}`}
          autoComplete="off"
          spellCheck={false}
          maxLength={TAG_NAME_MAX}
          placeholder="Type a name"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={(event) => {
            if (event.key === "ArrowDown" || event.key === "ArrowUp") {
              event.preventDefault();
              const count = Math.max(1, options.length);
              setActive((current + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
            } else if (event.key === "Enter" && name !== "") {
              event.preventDefault();
              take(options[current]);
            } else if (event.key === "Backspace" && text === "" && chosen.length > 0) onChange(chosen.slice(0, -1));
          }}
        />
      </Field>
      <ul id={listId} role="listbox" aria-label="Tags of the workspace" className="max-h-44 overflow-auto rounded-1 border border-rule">
        {options.map((option, at) => {
          const known = tags.find((tag) => tag.name === option);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys, as a combobox does
            <li
              key={option}
              id={`${listId}-${at}`}
              role="option"
              tabIndex={-1}
              aria-selected={at === current}
              className={cx("flex min-h-8 cursor-default items-center gap-2 px-2.5 text-ink max-md:min-h-10", at === current && "bg-select")}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(option)}
            >
              {known ? (
                <>
                  <span className="min-w-0 flex-1 truncate">{option}</span>
                  {known.exclusive && <span className="text-meta text-ink-3">exclusive</span>}
                  <span className="text-meta text-ink-3">on {countWords(known.carriedBy)}</span>
                </>
              ) : (
                <>
                  <Icon name="plus" size={14} className="text-ink-3" />
                  <span className="min-w-0 flex-1 truncate">
                    New tag <b>{option}</b>
                  </span>
                </>
              )}
            </li>
          );
        })}
        {options.length === 0 && (
          <li role="option" aria-disabled="true" aria-selected="false" tabIndex={-1} className="px-2.5 py-1.5 text-ink-3">
            {failure ?? (name ? "No tag has this name." : "No tag yet: type a name to make one.")}
          </li>
        )}
      </ul>
    </div>
  );
}

function useSuggestions(workspace: string, text: string): { tags: TagSuggestion[]; failure: string | null } {
  const [tags, setTags] = useState<TagSuggestion[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const response = await fetch(`/api/tags?${new URLSearchParams({ workspace, q: text.trim() })}`, { signal: abort.signal });
        if (!response.ok) throw new Error(String(response.status));
        setTags((await response.json()) as TagSuggestion[]);
        setFailure(null);
      } catch {
        if (!abort.signal.aborted) setFailure("The tags could not be read. A name that you type is still taken.");
      }
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [workspace, text]);
  return { tags, failure };
}
