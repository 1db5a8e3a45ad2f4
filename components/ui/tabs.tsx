import Link from "next/link";
import type { ReactNode } from "react";
import { cx } from "./class-names";
import { TabInView } from "./tab-in-view";
import { countWords } from "./time-words";

export type TabLink = { href: string; label: string; count?: number; isCurrent: boolean };

type Props = {
  tabs: TabLink[];
  label: string;
  end?: ReactNode;
  endOnPhone?: boolean;
  /** Closer together, for panels. */
  isTight?: boolean;
};

/** Tabs that are links: each is a URL of its own. `end` stands at the right, on a phone only when it is asked for. */
export function LinkTabs({ tabs, label, end, endOnPhone = false, isTight = false }: Props) {
  return (
    <nav
      aria-label={label}
      className={cx("pad-x mt-3.5 flex shrink-0 items-center overflow-x-auto border-b border-rule max-md:mt-1", isTight ? "gap-3.5" : "gap-5")}
    >
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          scroll={false}
          aria-current={tab.isCurrent ? "page" : undefined}
          className={cx(
            "-mb-px flex h-[34px] shrink-0 items-center gap-1.5 border-b-2 max-md:h-11 max-md:text-form focus-visible:outline-offset-[-2px]",
            tab.isCurrent ? "border-ink font-medium text-ink" : "border-transparent text-ink-2 hover:text-ink",
          )}
        >
          {tab.label}
          {tab.count !== undefined && <span className="font-normal text-ink-3">{countWords(tab.count)}</span>}
        </Link>
      ))}
      <TabInView current={tabs.find((tab) => tab.isCurrent)?.href} />
      {end && <span className={cx("ml-auto text-meta text-ink-3", !endOnPhone && "max-md:hidden")}>{end}</span>}
    </nav>
  );
}
