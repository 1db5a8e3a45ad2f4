import { RowLink } from "@/components/table/row-link";

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

/** The name as the link of its row, truncated in the middle. The whole name stays in the text; the table makes a tooltip of it. */
export function RunLink({ href, name }: { href: string; name: string }) {
  const [, head, day, time, rest] = STAMP.exec(name) ?? [];
  return (
    <RowLink href={href} className="parted">
      {head === undefined ? (
        <>
          <span>{name.slice(0, -TAIL)}</span>
          {name.slice(-TAIL)}
        </>
      ) : (
        <>
          <span>
            {head}
            <i>{day}</i>
          </span>
          <i>{time}</i>
          {rest && <span className="sr-only">{rest}</span>}
        </>
      )}
    </RowLink>
  );
}
