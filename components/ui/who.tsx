import { Icon } from "./icon";
import { originWord } from "./origin";

export type Person = { name: string; kind: string };

const SIZES = { 18: " small", 20: "", 26: " large" };

/** Two letters for a person, the bot for a machine. */
export function Avatar({ name, kind, size = 20 }: Person & { size?: keyof typeof SIZES }) {
  if (kind === "user")
    return (
      <span aria-hidden="true" className={`avatar${SIZES[size]}`}>
        {initials(name)}
      </span>
    );
  return (
    <span aria-hidden="true" className={`avatar machine${SIZES[size]}`}>
      <Icon name={kind === "operator" || kind === "system" ? "settings" : "bot"} size={12} />
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
    <span className="origin" title={iconOnly || isTight ? word : undefined}>
      <Icon name={icon} size={iconOnly ? 15 : null} />
      {iconOnly || isTight ? <span className={iconOnly ? "sr-only" : "max-[1640px]:sr-only"}>{word}</span> : word}
    </span>
  );
}

/** Who did it, from where, and for whom: one chip everywhere. */
export function WhoChip({ person, origin, onBehalfOf, isTight }: { person: Person | null; origin?: string; onBehalfOf?: string | null; isTight?: boolean }) {
  if (!person) return <span className="text-ink-3">unknown</span>;
  return (
    <span className="who">
      <Avatar {...person} />
      <b>{person.name}</b>
      {origin && <Origin origin={origin} isTight={isTight} />}
      {onBehalfOf && <span className="text-meta text-ink-3">for {onBehalfOf}</span>}
    </span>
  );
}
