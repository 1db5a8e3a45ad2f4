import { cx } from "./class-names";
import type { IconName } from "./icon-names";
import sprite from "./icons.svg";

export type { IconName };

// The outlines lie in one file that browsers keep: a page only names them.
const SPRITE = (sprite as { src: string }).src;

/** A lucide icon by name. Decorative unless `label` is given; beside a word it stays decorative. `size` is null where a style gives it. */
export function Icon({ name, size = 16, label, className }: { name: IconName; size?: number | null; label?: string; className?: string }) {
  return (
    // biome-ignore lint/a11y/noSvgWithoutTitle: decorative, or named by its label
    <svg
      width={size ?? undefined}
      height={size ?? undefined}
      className={className}
      {...(label ? { role: "img", "aria-label": label } : { "aria-hidden": true })}
    >
      <use href={`${SPRITE}#${name}`} />
    </svg>
  );
}

/** Our mark: a tally stick's edge with four cuts. */
export function Mark({ size = 20, className }: { size?: number; className?: string }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" fill="currentColor" aria-hidden="true" className={cx("shrink-0", className)}>
      <path d="M2 3h3v5.5h2V3h2v9h2V3h2v3.5h2V3h3v14H2z" />
    </svg>
  );
}
