import { useMemo } from "react";

const MAX_CHILDREN = 100;
const MAX_DEPTH = 12;
const MAX_TEXT = 500;
const MAX_RAW = 20_000;

/** JSON as a tree that opens by level, within bounds: long lists, texts and depths are cut and say so. */
export function JsonTree({ text, isCut, label }: { text: string; isCut: boolean; label: string }) {
  const parsed = useMemo(() => parse(text), [text]);
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and must be reachable by key
      tabIndex={0}
      className="max-h-[480px] overflow-auto rounded-2 border border-rule bg-sunk p-3 font-mono text-mono"
    >
      {parsed && !isCut ? (
        <Value value={parsed.value} depth={0} />
      ) : (
        <>
          <pre className="whitespace-pre-wrap break-words">{text.slice(0, MAX_RAW)}</pre>
          {(isCut || text.length > MAX_RAW) && <p className="pt-2 text-ink-3">Too long to show whole. Download the artifact for all of it.</p>}
        </>
      )}
    </section>
  );
}

function parse(text: string): { value: unknown } | null {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return null;
  }
}

function Value({ value, depth }: { value: unknown; depth: number }) {
  if (typeof value !== "object" || value === null) return <Leaf value={value} />;
  const isList = Array.isArray(value);
  const entries = isList ? value.map((item, at) => [String(at), item] as const) : Object.entries(value);
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  if (entries.length === 0) return <span>{open + close}</span>;
  if (depth >= MAX_DEPTH) return <span className="text-ink-3">{`${open} deeper than ${MAX_DEPTH} levels ${close}`}</span>;
  return (
    <details open={depth < 2} className={depth === 0 ? "" : "inline-block align-top"}>
      <summary className="w-fit cursor-pointer select-none text-ink-3 hover:text-ink">
        {open} {entries.length} {isList ? (entries.length === 1 ? "item" : "items") : entries.length === 1 ? "key" : "keys"} {close}
      </summary>
      <ul className="border-l border-rule pl-4">
        {entries.slice(0, MAX_CHILDREN).map(([key, child]) => (
          <li key={key}>
            <span className="text-ink-2">{key}</span>: <Value value={child} depth={depth + 1} />
          </li>
        ))}
        {entries.length > MAX_CHILDREN && <li className="text-ink-3">{entries.length - MAX_CHILDREN} more</li>}
      </ul>
    </details>
  );
}

function Leaf({ value }: { value: unknown }) {
  const text = typeof value === "string" ? `"${value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value}"` : String(value);
  return <span className={`whitespace-pre-wrap break-words ${typeof value === "string" ? "text-ink" : "text-ink-2"}`}>{text}</span>;
}
