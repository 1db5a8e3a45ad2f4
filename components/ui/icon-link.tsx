import Link from "next/link";
import { cx } from "./class-names";
import { Icon, type IconName } from "./icon";

const BOX = "inline-grid size-7 shrink-0 place-items-center rounded-1 max-md:size-10";

/** A link that shows only an icon; without a target it stays in place, at rest, and says so. */
export function IconLink({ icon, label, href }: { icon: IconName; label: string; href: string | null }) {
  if (!href)
    return (
      <span className={cx(BOX, "text-rule-strong")} title={`${label}: there is none`}>
        <Icon name={icon} />
      </span>
    );
  return (
    <Link href={href} scroll={false} title={label} aria-label={label} className={cx(BOX, "text-ink-2 transition-colors duration-(--fast) hover:bg-hover")}>
      <Icon name={icon} />
    </Link>
  );
}
