import Link from "next/link";

/** A tag: outlined, and a link to everything that carries it when `href` is given. */
export function Tag({ name, href }: { name: string; href?: string }) {
  if (!href)
    return (
      <span className="tag" title={name}>
        {name}
      </span>
    );
  return (
    <Link href={href} title={`Show what is tagged ${name}`} className="tag">
      {name}
    </Link>
  );
}

/** The first tags of a list and how many more there are. */
export function TagList({ names, shown = 1, href }: { names: string[]; shown?: number; href?: (name: string) => string }) {
  if (names.length === 0) return <span className="text-ink-3">–</span>;
  if (names.length === 1 && shown > 0) return <Tag name={names[0] ?? ""} href={href?.(names[0] ?? "")} />;
  const rest = names.slice(shown);
  return (
    <span className="tags">
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
