import { cx } from "@/components/ui/class-names";

type Line = { sign: "+" | "−" | "="; path: string; value: string };

const NESTED = 4;

/** What differs between two plain values, by key path: one line each, never coloured alone. Null on one side means it was made or removed. */
export function StructuredDiff({ before, after }: { before: unknown; after: unknown }) {
  const lines = diffLines(before, after);
  if (lines.length === 0) return <p className="text-ink-3">No content was recorded with this entry.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: long values scroll sideways and must be reachable by key
    <section aria-label="What changed" tabIndex={0} className="mt-1 overflow-x-auto">
      <table className="w-full border-collapse font-mono text-mono">
        <tbody>
          {lines.map((line) => (
            <tr key={`${line.sign} ${line.path} ${line.value}`} className={cx(line.sign === "+" && "bg-ok-soft", line.sign === "−" && "bg-fail-soft")}>
              <td className={cx("w-6 py-px pl-2 align-top select-none", line.sign === "+" && "text-ok", line.sign === "−" && "text-fail")}>
                <span aria-hidden="true">{line.sign === "=" ? "" : line.sign}</span>
                <span className="sr-only">{line.sign === "+" ? "after" : line.sign === "−" ? "before" : "unchanged"}</span>
              </td>
              <td className="py-px pr-2 break-words whitespace-pre-wrap text-ink">
                <span className="text-ink-2">{line.path}: </span>
                {line.value}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** The lines of a diff; sets (lists of plain values) are compared as sets, objects by key. */
export function diffLines(before: unknown, after: unknown): Line[] {
  const left = flatten(before);
  const right = flatten(after);
  const paths = [...new Set([...left.keys(), ...right.keys()])];
  return paths.flatMap((path): Line[] => {
    const old = left.get(path);
    const now = right.get(path);
    if (old === now && old !== undefined) return [{ sign: "=", path, value: old }];
    return [...(old === undefined ? [] : [{ sign: "−" as const, path, value: old }]), ...(now === undefined ? [] : [{ sign: "+" as const, path, value: now }])];
  });
}

function flatten(value: unknown, prefix = "", into = new Map<string, string>(), depth = 0): Map<string, string> {
  if (value === null || value === undefined) {
    if (prefix) into.set(prefix, "null");
    return into;
  }
  if (typeof value === "object" && !Array.isArray(value) && depth < NESTED) {
    const entries = Object.entries(value);
    if (entries.length === 0 && prefix) into.set(prefix, "{}");
    for (const [key, item] of entries) flatten(item, prefix ? `${prefix}.${key}` : key, into, depth + 1);
  } else if (prefix) into.set(prefix, typeof value === "string" ? value : JSON.stringify(value));
  else into.set("value", JSON.stringify(value));
  return into;
}
