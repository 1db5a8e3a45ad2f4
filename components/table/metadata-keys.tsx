"use client";

import { useEffect, useState } from "react";
import { useShell } from "@/components/shell/shell-context";
import { cx } from "@/components/ui/class-names";
import { type FilterField, type ListDefinition, metadataField } from "./list-params";

type Key = { key: string; kind: "number" | "text" };

const WAIT_MS = 120;

type Props = { type: NonNullable<ListDefinition["metadata"]> /** What is done with the key. */; purpose?: string; onChoose: (field: FilterField) => void };

/** Asks for a metadata key: those that exist in this project, by what is typed. */
export function MetadataKeys({ type, purpose = "filter by", onChoose }: Props) {
  const { workspace, project } = useShell();
  const [text, setText] = useState("");
  const [keys, setKeys] = useState<Key[] | "failed" | null>(null);
  const [active, setActive] = useState(0);
  const place = `workspace=${encodeURIComponent(workspace?.slug ?? "")}&project=${encodeURIComponent(project ?? "")}&type=${type}`;
  useEffect(() => {
    const leaving = new AbortController();
    const timer = setTimeout(async () => {
      try {
        const answer = await fetch(`/api/metadata-keys?${place}&q=${encodeURIComponent(text)}`, { signal: leaving.signal });
        setKeys(answer.ok ? ((await answer.json()) as { keys: Key[] }).keys : "failed");
      } catch {
        if (!leaving.signal.aborted) setKeys("failed");
      }
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [place, text]);
  const found = Array.isArray(keys) ? keys : [];
  const choose = (index: number) => {
    const chosen = found[index];
    if (chosen) onChoose(metadataField(chosen.key, chosen.kind));
    else if (text.trim()) onChoose(metadataField(text.trim()));
  };
  return (
    <>
      <input
        // biome-ignore lint/a11y/noAutofocus: the step before it was the same field list
        autoFocus
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setActive(Math.min(active + 1, found.length - 1));
          else if (event.key === "ArrowUp") setActive(Math.max(active - 1, 0));
          else if (event.key === "Enter") choose(active);
          else return;
          event.preventDefault();
        }}
        role="combobox"
        aria-expanded="true"
        aria-controls="metadata-keys"
        aria-activedescendant={found[active] ? `metadata-key-${active}` : undefined}
        aria-label={`Metadata key to ${purpose}`}
        placeholder="Metadata key"
        className="mb-1 h-8 w-full rounded-1 border border-control bg-paper px-2.5 font-mono text-mono text-ink placeholder:font-sans placeholder:text-ink-3 max-md:h-11 max-md:text-[16px]"
      />
      <ul id="metadata-keys" role="listbox" aria-label="Metadata keys" className="max-h-72 overflow-auto">
        {found.map((known, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox above handles the keys of its options
          <li
            key={known.key}
            id={`metadata-key-${index}`}
            role="option"
            aria-selected={index === active}
            onClick={() => choose(index)}
            onPointerMove={() => setActive(index)}
            className={cx("flex h-8 cursor-pointer items-center gap-2 rounded-1 px-2.5 max-md:h-11", index === active && "bg-select")}
          >
            <code className="min-w-0 flex-1 truncate text-ink" title={known.key}>
              {known.key}
            </code>
            <span className="text-meta text-ink-3">{known.kind}</span>
          </li>
        ))}
      </ul>
      {keys === "failed" && (
        <p role="alert" className="px-2.5 py-1.5 text-fail">
          The keys could not be read. Type the whole key and press Enter.
        </p>
      )}
      {Array.isArray(keys) && found.length === 0 && (
        <p className="px-2.5 py-1.5 text-ink-3">{text ? "No key in this project has this in it." : "No metadata was logged in this project."}</p>
      )}
    </>
  );
}
