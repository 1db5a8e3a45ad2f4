"use client";

import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { CopyButton } from "@/components/ui/copy-button";
import { yamlText } from "./yaml-text";

/** JSON to read: folded from the second level on, as YAML on demand, and to copy as it is shown. `text` is what was recorded. */
export function JsonView({ text, label }: { text: string; label: string }) {
  const [isYaml, setYaml] = useState(false);
  const value = JSON.parse(text) as unknown;
  const shown = isYaml ? yamlText(value) : text;
  return (
    <section aria-label={label}>
      <div className="mb-1 flex items-center gap-1">
        {(["JSON", "YAML"] as const).map((form) => (
          <Button
            key={form}
            look="ghost"
            aria-pressed={isYaml === (form === "YAML")}
            onClick={() => setYaml(form === "YAML")}
            className={cx("px-2", isYaml === (form === "YAML") && "bg-select!")}
          >
            {form}
          </Button>
        ))}
        <span className="ml-auto">
          <CopyButton text={shown} label={`Copy ${isYaml ? "YAML" : "JSON"}`} />
        </span>
      </div>
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways and must be reachable by key
        tabIndex={0}
        aria-label={`${label}, text`}
        className="max-h-[560px] overflow-auto rounded-1 bg-sunk px-3 py-2 font-mono text-mono text-ink"
      >
        {isYaml ? <pre>{shown}</pre> : <Node value={value} depth={0} />}
      </section>
    </section>
  );
}

const OPEN_TO_DEPTH = 1;

function Node({ name, value, depth, isLast = true }: { name?: string; value: unknown; depth: number; isLast?: boolean }) {
  const key = name !== undefined && <span className="text-ink-2">{JSON.stringify(name)}: </span>;
  const comma = isLast ? "" : ",";
  const items = entriesOf(value);
  if (!items || items.length === 0)
    return (
      <div className="whitespace-pre-wrap break-words">
        {key}
        {JSON.stringify(value) ?? "null"}
        {comma}
      </div>
    );
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return (
    <details open={depth <= OPEN_TO_DEPTH} className="group/fold">
      <summary className="min-h-6 cursor-pointer list-none leading-6 before:mr-1 before:inline-block before:w-3 before:text-ink-3 before:content-['+'] group-open/fold:before:content-['−']">
        {key}
        {open}
        <span className="text-ink-3 group-open/fold:hidden">
          {" "}
          {items.length} {items.length === 1 ? "entry" : "entries"} {close}
          {comma}
        </span>
      </summary>
      <div className="pl-8">
        {items.map(
          ([inner, item], index): ReactNode => (
            <Node key={inner} name={Array.isArray(value) ? undefined : inner} value={item} depth={depth + 1} isLast={index === items.length - 1} />
          ),
        )}
      </div>
      <div className="pl-4">
        {close}
        {comma}
      </div>
    </details>
  );
}

const entriesOf = (value: unknown): [string, unknown][] | null => (typeof value === "object" && value !== null ? Object.entries(value) : null);
