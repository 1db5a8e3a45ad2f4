"use client";

import Link from "next/link";
import { useEffect } from "react";
import { cx } from "@/components/ui/class-names";
import { Icon, Mark } from "@/components/ui/icon";
import { keepPreference } from "./preferences";
import { navGroups, sectionOf } from "./shell-data";
import { useShell } from "./shell-context";
import { Switcher } from "./switcher";

/** The navigation column: full from 1100 px, icons with tooltips below, a drawer on a phone (see NavDrawer). */
export function Nav() {
  const { data, workspace, pathname } = useShell();
  const section = workspace && sectionOf(pathname);
  useEffect(() => {
    if (section) keepPreference("section", section);
  }, [section]);
  return (
    <nav
      aria-label="Main"
      className="sticky top-0 flex h-dvh w-(--nav-folded) shrink-0 flex-col overflow-auto border-r border-rule px-2 pb-2 max-md:hidden lg:w-(--nav) print-hidden"
    >
      <Link href="/" className="flex h-(--bar) shrink-0 items-center gap-2 px-2 font-semibold text-ink" title={data.organization}>
        <Mark />
        <span className="truncate max-lg:sr-only">{data.organization}</span>
      </Link>
      <div className="mb-1 lg:hidden">
        <Switcher isFolded listensToKeys={false} />
      </div>
      <div className="mb-1 max-lg:hidden">
        <Switcher />
      </div>
      <NavEntries />
    </nav>
  );
}

/** The entries by group. `inDrawer` gives them the drawer's larger targets and always shows the words. */
export function NavEntries({ inDrawer = false, onNavigate }: { inDrawer?: boolean; onNavigate?: () => void }) {
  const { data, workspace, pathname, project } = useShell();
  const word = inDrawer ? undefined : "max-lg:sr-only";
  return navGroups(data, workspace, pathname, project).map((group) => (
    <div key={group.label} className="pt-3">
      <div className={cx("px-2.5 pb-1 text-label text-ink-3", word)}>{group.label}</div>
      <ul>
        {group.entries.map((entry) => (
          <li key={entry.href}>
            <Link
              href={entry.href}
              onClick={onNavigate}
              title={inDrawer ? undefined : entry.label}
              aria-current={entry.isCurrent ? "page" : undefined}
              className={cx(
                "flex items-center gap-2.5 rounded-1 px-2.5 focus-visible:outline-offset-[-2px]",
                inDrawer ? "h-11" : "h-7 max-lg:h-9 max-lg:justify-center max-lg:px-0",
                entry.isCurrent ? "bg-select font-medium text-ink" : "text-ink-2 hover:bg-hover",
              )}
            >
              <Icon name={entry.icon} size={15} className={entry.isCurrent ? undefined : "text-ink-3"} />
              <span className={word}>{entry.label}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  ));
}
