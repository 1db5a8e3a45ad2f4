import Link from "next/link";

// The client names runs after their pipeline and the moment: fraud_train-2026_11_19-14_27_40_123456. The pipeline is what one reads.
const STAMP = /^(.*?)(-\d{4}_\d\d_\d\d-\d\d_\d\d_\d\d(?:_\d+)?)$/;

/** A run's name with its time stamp in grey. */
export function RunName({ name }: { name: string }) {
  const [, head, stamp] = STAMP.exec(name) ?? [];
  return stamp ? (
    <>
      {head}
      <span className="font-normal text-ink-3">{stamp}</span>
    </>
  ) : (
    <>{name}</>
  );
}

/** The name as the link of its row. The whole name is the tooltip. */
export function RunLink({ href, name }: { href: string; name: string }) {
  return (
    <Link href={href} data-row-link="" tabIndex={-1} title={name} className="font-medium text-ink hover:underline hover:decoration-rule-strong hover:underline-offset-3">
      <RunName name={name} />
    </Link>
  );
}
