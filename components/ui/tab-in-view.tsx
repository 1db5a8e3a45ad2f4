"use client";

import { useEffect, useRef } from "react";

/** Scrolls tabs that have no room side by side, as on a phone, to the current one. */
export function TabInView({ current }: { current: string | undefined }) {
  const mark = useRef<HTMLSpanElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that another one is current
  useEffect(() => {
    const nav = mark.current?.parentElement;
    const tab = nav?.querySelector("[aria-current]");
    if (!nav || !tab || nav.scrollWidth <= nav.clientWidth) return;
    const [all, one] = [nav.getBoundingClientRect(), tab.getBoundingClientRect()];
    nav.scrollLeft += one.left - all.left - (all.width - one.width) / 2;
  }, [current]);
  return <span ref={mark} hidden />;
}
