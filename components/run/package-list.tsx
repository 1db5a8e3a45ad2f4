"use client";

import { useState } from "react";
import { NotRecorded } from "@/components/ui/evidence";
import { counted } from "@/components/ui/time-words";

/** The packages with a search over their names and versions; `isNarrow` keeps them in one column. */
export function PackageList({ packages, isNarrow = false }: { packages: { name: string; version: string }[]; isNarrow?: boolean }) {
  const [text, setText] = useState("");
  const found = packages.filter((item) => `${item.name} ${item.version}`.toLowerCase().includes(text.toLowerCase()));
  return (
    <>
      <input
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        aria-label="Find a package"
        placeholder="Find a package"
        className="mb-2 h-8 w-64 max-w-full rounded-1 border border-control bg-paper px-2.5 text-ink placeholder:text-ink-3 max-md:h-11 max-md:text-[16px]"
      />
      <p className="sr-only" aria-live="polite">
        {counted(found.length, "package")}
      </p>
      {found.length === 0 && packages.length === 0 && <NotRecorded />}
      {found.length === 0 && packages.length > 0 && <p className="text-ink-3">No package has this in its name.</p>}
      <ul className={isNarrow ? undefined : "gap-x-8 md:columns-2 lg:columns-3"}>
        {found.map((item) => (
          <li key={item.name} className="flex h-7 break-inside-avoid items-center gap-3 border-b border-rule">
            <code className="min-w-0 flex-1 truncate text-ink" title={item.name}>
              {item.name}
            </code>
            <code className="max-w-40 truncate" title={item.version}>
              {item.version}
            </code>
          </li>
        ))}
      </ul>
    </>
  );
}
