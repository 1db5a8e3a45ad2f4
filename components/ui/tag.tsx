import Link from "next/link";
import { cx } from "./class-names";

const TAG = "inline-block h-[18px] max-w-40 min-w-0 truncate whitespace-nowrap rounded-1 border border-rule-strong px-1.5 align-middle text-meta text-ink-2";

/** A tag: outlined, and a link to everything that carries it when `href` is given. */
export function Tag({ name, href }: { name: string; href?: string }) {
  if (!href)
    return (
      <span className={TAG} title={name}>
        {name}
      </span>
    );
  return (
    <Link href={href} title={`Show what is tagged ${name}`} className={cx(TAG, "hover:border-control hover:text-ink")}>
      {name}
    </Link>
  );
}

/** The first tags of a list and how many more there are. */
export function TagList({ names, shown = 1, href }: { names: string[]; shown?: number; href?: (name: string) => string }) {
  if (names.length === 0) return <span className="text-ink-3">–</span>;
  const rest = names.slice(shown);
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-1 align-middle">
      {names.slice(0, shown).map((name) => (
        <Tag key={name} name={name} href={href?.(name)} />
      ))}
      {rest.length > 0 && (
        <span className="shrink-0 text-meta text-ink-3" title={rest.join(", ")}>
          +{rest.length}
        </span>
      )}
    </span>
  );
}
