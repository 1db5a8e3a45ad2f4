import Link from "next/link";

// The client names runs after their pipeline and the moment: fraud_train-2026_11_19-14_27_40_123456. The pipeline is what one reads,
// the time tells one from the next: so a long name gives way in its middle.
const STAMP = /^(.*?)(-\d{4}_\d\d_\d\d)(-\d\d_\d\d_\d\d)(_\d+)?$/;
const TAIL = 8;

/** A run's name in full, with its time stamp in grey. */
export function RunName({ name }: { name: string }) {
  const [, head, day, time, rest] = STAMP.exec(name) ?? [];
  if (head === undefined) return <>{name}</>;
  return (
    <>
      {head}
      <span className="font-normal text-ink-3">
        {day}
        {time}
        {rest}
      </span>
    </>
  );
}

/** The name as the link of its row, truncated in the middle. The whole name stays in the text and the tooltip. */
export function RunLink({ href, name }: { href: string; name: string }) {
  const [, head, day, time, rest] = STAMP.exec(name) ?? [];
  return (
    <Link
      href={href}
      data-row-link=""
      tabIndex={-1}
      title={name}
      className="flex max-w-full font-medium text-ink hover:underline hover:decoration-rule-strong hover:underline-offset-3"
    >
      {head === undefined ? (
        <>
          <span className="truncate">{name.slice(0, -TAIL)}</span>
          <span className="shrink-0 whitespace-pre">{name.slice(-TAIL)}</span>
        </>
      ) : (
        <>
          <span className="truncate">
            {head}
            <span className="font-normal text-ink-3">{day}</span>
          </span>
          <span className="shrink-0 font-normal text-ink-3">{time}</span>
          {rest && <span className="sr-only">{rest}</span>}
        </>
      )}
    </Link>
  );
}
