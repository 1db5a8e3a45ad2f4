import type { ReactNode } from "react";
import { cx } from "./class-names";

/** The head of a page: its title, what stands beside it, and the actions at the right. `isInBar`: a phone already shows this title in the bar. */
export function PageHead({
  title,
  beside,
  below,
  actions,
  isInBar = false,
}: {
  title: ReactNode;
  beside?: ReactNode;
  below?: ReactNode;
  actions?: ReactNode;
  isInBar?: boolean;
}) {
  return (
    <div className={cx("pad-x flex items-start gap-x-3 gap-y-2 pt-[18px]", "flex-wrap", isInBar ? "max-md:items-center max-md:pt-1" : "max-md:pt-3")}>
      <div className={cx("min-w-0", isInBar ? "grow" : "flex-1", !isInBar && (below ? "basis-full md:basis-80" : "basis-40 md:basis-80"))}>
        <div className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <h1 className={cx("min-w-0 text-title break-words", isInBar && "max-md:sr-only")}>{title}</h1>
          {beside}
        </div>
        {below && <p className="mt-0.5 max-w-[80ch] text-ink-3">{below}</p>}
      </div>
      {actions && <div className={cx("flex items-center gap-2 max-md:gap-1", isInBar ? "shrink-0" : "flex-wrap")}>{actions}</div>}
    </div>
  );
}

/** A section of a page: opened by a hairline with its title on it. */
export function Section({ title, count, aside, children }: { title: string; count?: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="mt-6 border-t border-rule pt-3 first:mt-0 first:border-0 first:pt-0">
      <div className="mb-1.5 flex min-h-6 flex-wrap items-center gap-x-2.5">
        <h2 className="text-section">{title}</h2>
        {count && <span className="text-meta text-ink-3">{count}</span>}
        {aside && <span className="ml-auto">{aside}</span>}
      </div>
      {children}
    </section>
  );
}
