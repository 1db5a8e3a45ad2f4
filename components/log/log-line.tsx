import { cx } from "@/components/ui/class-names";
import { Icon } from "@/components/ui/icon";
import type { ShownLine } from "./log-view";

const LEVEL_WORDS: Record<number, string> = { 10: "debug", 20: "info", 30: "warning", 40: "error", 50: "critical" };

type Props = {
  line: ShownLine;
  href: string;
  isChosen: boolean;
  wraps: boolean;
  hasTime: boolean;
  search: string;
  isFound: boolean;
  /** Width of the numbers' column in digits. */
  digits: number;
  onChoose?: (event: React.MouseEvent, number: number) => void;
};

/** One line of a log: its number as a link, its time, its text; warnings and errors say so in a word and a shape too. */
export function LogLineRow({ line, href, isChosen, wraps, hasTime, search, isFound, digits, onChoose }: Props) {
  const level = line.level ?? 0;
  return (
    <div className={cx("flex gap-3 px-3 leading-6", isChosen && "bg-select", isFound && "bg-hover", !wraps && "w-max min-w-full")}>
      <a
        href={href}
        onClick={onChoose && ((event) => onChoose(event, line.number))}
        style={{ width: `${digits}ch` }}
        className="min-w-6 shrink-0 select-none text-right text-ink-3 hover:text-ink"
        aria-label={`Line ${line.number}`}
        aria-current={isChosen ? "location" : undefined}
      >
        {line.number}
      </a>
      {hasTime && (
        <span className="w-[12ch] shrink-0 select-none text-ink-3">
          {line.timestamp && <time dateTime={line.timestamp}>{line.timestamp.slice(11, 23)}</time>}
        </span>
      )}
      <span
        className={cx(wraps ? "min-w-0 whitespace-pre-wrap break-words" : "whitespace-pre", level >= 40 ? "text-fail" : level >= 30 ? "text-warn" : "text-ink")}
      >
        {level >= 30 && (
          <>
            <Icon name={level >= 40 ? "octagon-x" : "circle-alert"} size={14} className="mr-1 inline align-[-2px]" />
            <span className="sr-only">{LEVEL_WORDS[level] ?? "level"}: </span>
          </>
        )}
        <Found text={line.message} search={search} />
      </span>
    </div>
  );
}

const MOST_MARKS = 200;

/** The text with what is searched for marked. */
function Found({ text, search }: { text: string; search: string }) {
  const wanted = search.toLowerCase();
  if (wanted === "") return text;
  const lower = text.toLowerCase();
  if (lower.length !== text.length) return text; // letters that change their length: their places are not known
  const parts: React.ReactNode[] = [];
  let at = 0;
  for (let found = lower.indexOf(wanted); found !== -1 && parts.length < MOST_MARKS * 2; found = lower.indexOf(wanted, at)) {
    parts.push(
      text.slice(at, found),
      <mark key={found} className="bg-ink text-on-ink">
        {text.slice(found, found + wanted.length)}
      </mark>,
    );
    at = found + wanted.length;
  }
  return [...parts, text.slice(at)];
}
