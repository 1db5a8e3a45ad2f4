"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { artifactVersionPath, filterOf, listPath } from "@/components/project/paths";
import { isTyping } from "@/components/shell/keys";
import { useShell } from "@/components/shell/shell-context";
import { cx } from "@/components/ui/class-names";
import { Tally } from "@/components/ui/evidence";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import type { Rail } from "@/lib/artifacts/row-schema";
import { versionWord } from "./words";

// A version is a page of its own, drawn anew: that the arrows were used in the list before has to be known afterwards.
let followsFocus = false;

type Props = {
  /** The project's path. */
  project: string;
  artifact: string;
  /** The version that is open. */
  open: string;
  /** The tab that stays open from version to version. */
  tab?: string;
  rail: Rail;
  text: string;
  count: number;
};

/** The versions beside an open one. Up and down arrows open the next one, `[` and `]` do so from anywhere on the page. */
export function VersionRail({ project, artifact, open, tab, rail, text, count }: Props) {
  const router = useRouter();
  const { preferences } = useShell();
  const list = useRef<HTMLOListElement>(null);
  const [search, setSearch] = useState(text);
  // What is made while the page is open is marked when it comes in.
  const [openedWith] = useState(() => rail.versions[0]?.createdAt ?? "");
  const at = rail.versions.findIndex((one) => one.version === open);
  const hrefOf = (version: string, find = text) => artifactVersionPath(project, artifact, version, { tab, find: find || undefined });

  const step = (by: number) => {
    const next = rail.versions[at < 0 ? 0 : at + by];
    if (!next) return false;
    followsFocus = list.current?.contains(document.activeElement) ?? false;
    router.push(hrefOf(next.version), { scroll: false });
    return true;
  };
  const stepRef = useRef(step);
  stepRef.current = step;
  useEffect(() => {
    if (!preferences.hasKeys) return;
    const onKey = (event: KeyboardEvent) => {
      if ((event.key !== "[" && event.key !== "]") || isTyping(event)) return;
      if (stepRef.current(event.key === "]" ? 1 : -1)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [preferences.hasKeys]);

  useEffect(() => {
    const current = list.current?.querySelector<HTMLElement>(`[data-version="${CSS.escape(open)}"]`);
    if (followsFocus) current?.focus();
    followsFocus = false;
  }, [open]);

  return (
    <nav aria-label="Versions" className="flex min-h-0 flex-col border-r border-rule max-lg:hidden">
      <search>
        <form
          className="px-(--gutter) py-2.5"
          onSubmit={(event) => {
            event.preventDefault();
            router.push(hrefOf(open, search.trim()), { scroll: false });
          }}
        >
          <input
            type="search"
            data-page-search
            value={search}
            onChange={(event) => setSearch(event.target.value)}
            aria-label="Find a version by name, digest or tag"
            placeholder={`Find in ${countWords(count)}`}
            className="h-8 w-full rounded-1 border border-control bg-paper px-2.5 text-ink placeholder:text-ink-3"
          />
        </form>
      </search>
      {rail.hasNewer && <More href={listPath(project, "artifact-versions", filterOf("artifact", "is", artifact))}>Newer versions</More>}
      {rail.versions.length === 0 && <p className="px-(--gutter) py-2 text-ink-3">No version has this in its name, digest or tags.</p>}
      <ol
        ref={list}
        className="min-h-0"
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          if (step(event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
        }}
      >
        {rail.versions.map((one) => (
          <li key={one.id}>
            <Link
              href={hrefOf(one.version)}
              scroll={false}
              prefetch={false}
              data-version={one.version}
              aria-current={one.version === open ? "page" : undefined}
              className={cx(
                "flex h-8 items-center gap-2 pr-3 pl-(--gutter) focus-visible:outline-offset-[-2px]",
                one.version === open ? "bg-select font-medium text-ink shadow-[inset_2px_0_0_var(--ink)]" : "text-ink-2 hover:bg-hover",
              )}
            >
              <span className="min-w-0 flex-1 truncate" title={one.version}>
                {versionWord(one.version)}
                {openedWith !== "" && Date.parse(one.createdAt) > Date.parse(openedWith) && <span className="ml-2 text-meta text-ok">new</span>}
              </span>
              {one.contentHash ? (
                <Tally digest={one.contentHash} className="text-ink-3" />
              ) : (
                <span aria-hidden="true" className="hatch h-3 w-6" title="no digest recorded" />
              )}
              <span className="w-[88px] truncate text-right text-meta font-normal text-ink-3">
                <Time at={one.createdAt} />
              </span>
            </Link>
          </li>
        ))}
      </ol>
      {rail.hasOlder && <More href={listPath(project, "artifact-versions", filterOf("artifact", "is", artifact))}>Older versions</More>}
    </nav>
  );
}

function More({ href, children }: { href: string; children: string }) {
  return (
    <p className="py-1.5 pl-(--gutter) text-meta">
      <Link className="link" href={href}>
        {children}
      </Link>
    </p>
  );
}
