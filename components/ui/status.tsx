import { Badge } from "./badge";
import { Icon } from "./icon";
import { statusWord } from "./status-words";

/** Icon and word of a state, in a row or a fact. `iconOnly` keeps the word for readers of the screen. */
export function Status({ state, iconOnly, size = null }: { state: string; iconOnly?: boolean; size?: number | null }) {
  const { word, icon, tone, turning } = statusWord(state);
  // Success and rest keep the word in ink and colour only the icon; everything that needs attention colours both.
  return (
    <span className={`status status-${tone}`} title={iconOnly ? word : undefined}>
      <Icon name={icon} size={size} className={turning ? "animate-turn" : undefined} />
      {iconOnly ? <span className="sr-only">{word}</span> : word}
    </span>
  );
}

/** The state as a badge, for the head of a page or panel. */
export function StatusBadge({ state }: { state: string }) {
  const { word, icon, tone, turning } = statusWord(state);
  return (
    <Badge tone={tone} icon={icon} turning={turning}>
      {word}
    </Badge>
  );
}
