import { Badge, type Tone } from "./badge";
import { cx } from "./class-names";
import { Icon } from "./icon";
import { statusWord } from "./status-words";

// Success and rest keep the word in ink and colour only the icon; everything that needs attention colours both.
const WORD_TONE: Record<Tone, string> = {
  ok: "text-ink-2",
  idle: "text-ink-2",
  run: "text-run",
  wait: "text-wait",
  warn: "text-warn",
  fail: "text-fail",
  proof: "text-proof",
};
const ICON_TONE: Record<Tone, string> = { ...WORD_TONE, ok: "text-ok", idle: "text-idle" };

/** Icon and word of a state, in a row or a fact. `iconOnly` keeps the word for readers of the screen. */
export function Status({ state, iconOnly, size = 15 }: { state: string; iconOnly?: boolean; size?: number }) {
  const { word, icon, tone, turning } = statusWord(state);
  return (
    <span className={cx("inline-flex items-center gap-1.5 whitespace-nowrap align-middle", WORD_TONE[tone])} title={iconOnly ? word : undefined}>
      <Icon name={icon} size={size} className={cx(ICON_TONE[tone], turning && "animate-turn")} />
      <span className={iconOnly ? "sr-only" : undefined}>{word}</span>
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
