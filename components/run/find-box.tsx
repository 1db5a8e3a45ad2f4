"use client";

import { useRouter } from "next/navigation";
import { useEffect, useRef, useState, useTransition } from "react";
import { Icon } from "@/components/ui/icon";
import { Kbd } from "@/components/ui/kbd";
import { runViewHref, type RunView } from "./run-view";

const PAUSE_MS = 200;

/** Narrows the steps or the metadata to those whose name holds a text; the text is in the address. */
export function FindBox({ path, view, label }: { path: string; view: RunView; label: string }) {
  const router = useRouter();
  const [text, setText] = useState(view.find);
  const [isPending, start] = useTransition();
  const asked = useRef(view.find);
  useEffect(() => {
    if (text === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = text;
      start(() => router.replace(runViewHref(path, { ...view, find: text, group: null, from: 0 }), { scroll: false }));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, path, view, router]);
  return (
    <search className="relative block w-64 max-md:w-full" aria-busy={isPending}>
      <Icon name="search" size={14} className="pointer-events-none absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-3" />
      <input
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        aria-label={label}
        placeholder={label}
        data-page-search=""
        className="peer h-8 w-full rounded-1 border border-control bg-paper pr-8 pl-8 text-ink placeholder:text-ink-3 max-md:h-11 max-md:text-[16px]"
      />
      <span className="absolute top-1/2 right-2 -translate-y-1/2 peer-focus:hidden max-md:hidden">{!text && <Kbd>/</Kbd>}</span>
    </search>
  );
}
