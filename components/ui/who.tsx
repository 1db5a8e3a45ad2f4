import { cx } from "./class-names";
import { Icon } from "./icon";
import { originWord } from "./origin";

export type Person = { name: string; kind: string };

/** Two letters for a person, the bot for a machine. */
export function Avatar({ name, kind, size = 20 }: Person & { size?: 18 | 20 | 26 }) {
  const machine = kind !== "user";
  const box = size === 26 ? "size-[26px] text-[10px]" : size === 18 ? "size-[18px] text-[8.5px]" : "size-5 text-[9px]";
  return (
    <span
      aria-hidden="true"
      className={cx(
        "inline-grid shrink-0 place-items-center border border-rule-strong bg-select leading-none font-semibold text-ink-2",
        machine ? "rounded-1" : "rounded-full",
        box,
      )}
    >
      {machine ? <Icon name={kind === "operator" || kind === "system" ? "settings" : "bot"} size={12} /> : initials(name)}
    </span>
  );
}

/** "Mira Aalto" → "MA"; one word gives its first two letters. */
export function initials(name: string): string {
  const words = name.split(/[\s@._-]+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]].map((word) => [...(word ?? "")][0]) : [...(words[0] ?? "?")].slice(0, 2);
  return letters.join("").toUpperCase();
}

/** The origin alone: icon and word, or the icon with a spoken word. `isTight` speaks the word where the window is narrow. */
export function Origin({ origin, iconOnly, isTight }: { origin: string; iconOnly?: boolean; isTight?: boolean }) {
  const { word, icon } = originWord(origin);
  return (
    <span className="inline-flex shrink-0 items-center gap-0.5 align-middle text-meta text-ink-3" title={iconOnly || isTight ? word : undefined}>
      <Icon name={icon} size={iconOnly ? 15 : 13} />
      <span className={iconOnly ? "sr-only" : isTight ? "max-[1640px]:sr-only" : undefined}>{word}</span>
    </span>
  );
}

/** Who did it, from where, and for whom: one chip everywhere. */
export function WhoChip({ person, origin, onBehalfOf, isTight }: { person: Person | null; origin?: string; onBehalfOf?: string | null; isTight?: boolean }) {
  if (!person) return <span className="text-ink-3">unknown</span>;
  return (
    <span className="inline-flex max-w-full min-w-0 items-center gap-1.5 whitespace-nowrap align-middle">
      <Avatar {...person} />
      <span className="truncate text-ink" title={person.name}>
        {person.name}
      </span>
      {origin && <Origin origin={origin} isTight={isTight} />}
      {onBehalfOf && <span className="text-meta text-ink-3">for {onBehalfOf}</span>}
    </span>
  );
}
