"use client";

import Link from "next/link";
import { useState } from "react";
import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { Drawer } from "@/components/ui/dialog";
import { Icon } from "@/components/ui/icon";
import { Menu, MenuLink } from "@/components/ui/menu";
import { counted } from "@/components/ui/time-words";
import { AccountMenu } from "./account-menu";
import { NavEntries } from "./nav";
import { PaletteButton } from "./palette";
import { sectionOf, sectionPath } from "./shell-data";
import { useShell } from "./shell-context";
import { Switcher } from "./switcher";

export type Crumb = { label: string; href?: string };

/** The bar at the top: where we are, and who we are. The last crumb is the page itself. */
export function TopBar({ crumbs }: { crumbs: Crumb[] }) {
  const [isDrawerOpen, setDrawerOpen] = useState(false);
  const { data } = useShell();
  const last = crumbs.length - 1;
  return (
    <header className="sticky top-0 z-20 flex h-(--bar) items-center gap-3 border-b border-rule bg-paper pr-4 pl-(--gutter) max-md:gap-1 max-md:px-1.5 print-hidden">
      <IconButton icon="menu" label="Open navigation" size={18} className="md:hidden" onClick={() => setDrawerOpen(true)} />
      <Drawer open={isDrawerOpen} onClose={() => setDrawerOpen(false)} title={data.organization}>
        <Switcher listensToKeys={false} />
        <nav aria-label="Main">
          <NavEntries inDrawer onNavigate={() => setDrawerOpen(false)} />
        </nav>
      </Drawer>
      <nav aria-label="Breadcrumb" className="min-w-0 flex-1">
        <ol className="flex min-w-0 gap-2 whitespace-nowrap">
          {crumbs.map((crumb, index) => (
            <li
              key={`${crumb.label} ${crumb.href ?? ""}`}
              className={cx("flex min-w-0 gap-2", index === last ? "min-w-12" : "shrink-0 text-ink-3 max-md:hidden")}
            >
              {index > 0 && (
                <span aria-hidden="true" className="text-rule-strong max-md:hidden">
                  /
                </span>
              )}
              {index === last ? (
                <span aria-current="page" className="truncate font-medium text-ink max-md:text-lead">
                  {crumb.label}
                </span>
              ) : crumb.href ? (
                <Link href={crumb.href} className="rounded-1 hover:text-ink">
                  {crumb.label}
                </Link>
              ) : (
                crumb.label
              )}
              {index === 0 && <ProjectChip />}
            </li>
          ))}
        </ol>
      </nav>
      <PaletteButton />
      <InboxLink />
      <AccountMenu />
    </header>
  );
}

/** How many requests this person can decide; nothing when there are none and never were any to see. */
function InboxLink() {
  const { state, data } = useShell();
  const { openRequests } = state;
  if (openRequests === 0 && !data.sections.includes("access")) return null;
  const words = `${counted(openRequests, "request waits", "requests wait")} for your decision`;
  return (
    <Link
      href="/access/requests"
      aria-label={openRequests > 0 ? words : "No request waits for your decision"}
      title={openRequests > 0 ? words : "No request waits for your decision"}
      className="inline-flex h-7 min-w-7 shrink-0 items-center justify-center gap-1 rounded-1 px-1 text-ink-2 hover:bg-hover max-md:h-10 max-md:min-w-10"
    >
      <Icon name="inbox" />
      {openRequests > 0 && <span className="font-medium text-ink tabular">{openRequests}</span>}
    </Link>
  );
}

/** The project beside its workspace, shown only when there are two or more. */
function ProjectChip() {
  const { workspace, project, pathname } = useShell();
  if (!workspace || !project || workspace.projects.length < 2) return null;
  return (
    <>
      <span aria-hidden="true" className="text-rule-strong">
        /
      </span>
      <Menu
        align="start"
        trigger={
          <button type="button" aria-label={`Project ${project}, switch`} className="inline-flex items-center gap-1 rounded-1 text-ink-3 hover:text-ink">
            {project}
            <Icon name="chevron-down" size={13} />
          </button>
        }
      >
        {workspace.projects.map((name) => (
          <MenuLink key={name} href={sectionPath(workspace, sectionOf(pathname) ?? "runs", name)} icon={name === project ? "check" : undefined}>
            {name}
          </MenuLink>
        ))}
      </Menu>
    </>
  );
}
