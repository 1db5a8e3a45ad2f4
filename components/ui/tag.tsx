import Link from "next/link";

/** A tag: outlined, and a link to everything that carries it when `href` is given; `isPlain` in a table, which follows the link itself. */
export function Tag({ name, href, isPlain = false }: { name: string; href?: string; isPlain?: boolean }) {
  if (!href) return <span className="tag">{name}</span>;
  const link = { href, title: `Show what is tagged ${name}`, className: "tag", children: name };
  return isPlain ? <a data-cell-link="" {...link} /> : <Link {...link} />;
}

type ListProps = { names: string[]; shown?: number; href?: (name: string) => string; isPlain?: boolean };

/** The first tags of a list and how many more there are. */
export function TagList({ names, shown = 1, href, isPlain }: ListProps) {
  if (names.length === 0) return <span className="text-ink-3">–</span>;
  if (names.length === 1 && shown > 0) return <Tag name={names[0] ?? ""} href={href?.(names[0] ?? "")} isPlain={isPlain} />;
  const rest = names.slice(shown);
  return (
    <span className="tags">
      {names.slice(0, shown).map((name) => (
        <Tag key={name} name={name} href={href?.(name)} isPlain={isPlain} />
      ))}
      {rest.length > 0 && (
        <span className="shrink-0 text-meta text-ink-3" title={rest.join(", ")}>
          {`+${rest.length}`}
        </span>
      )}
    </span>
  );
}
