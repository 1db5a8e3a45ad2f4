"use client";

import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { cx } from "./class-names";

export const PANEL_WIDTH = { least: 320, most: 480, first: 412 } as const;
const STEP_PX = 20;

/** A width that a panel may have. */
export const panelWidth = (width: number): number =>
  Number.isFinite(width) ? Math.round(Math.min(PANEL_WIDTH.most, Math.max(PANEL_WIDTH.least, width))) : PANEL_WIDTH.first;

/**
 * A panel beside what it is about, never modal: as wide as one drags it or sets it with ⌥←→, over the content in narrow windows, a page on
 * phones. `fills` takes the height of the row it stands in; otherwise it stays in the window while the page scrolls.
 */
export function SidePanel({
  label,
  width: first,
  fills,
  onWidth,
  children,
}: {
  label: string;
  width: number;
  fills: boolean;
  onWidth: (width: number) => void;
  children: ReactNode;
}) {
  const [width, setWidth] = useState(first);
  const drag = useRef<{ x: number; width: number } | null>(null);
  const change = (to: number) => {
    const next = panelWidth(to);
    setWidth(next);
    onWidth(next);
  };
  const latest = useRef(change);
  latest.current = change;
  const now = useRef(width);
  now.current = width;

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
      if ((event.target as HTMLElement | null)?.closest("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      latest.current(now.current + (event.key === "ArrowLeft" ? STEP_PX : -STEP_PX));
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  const onHandleKey = (event: KeyboardEvent) => {
    if (event.altKey || (event.key !== "ArrowLeft" && event.key !== "ArrowRight")) return;
    event.preventDefault();
    change(width + (event.key === "ArrowLeft" ? STEP_PX : -STEP_PX));
  };
  const onPointerDown = (event: PointerEvent) => {
    drag.current = { x: event.clientX, width };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (drag.current) setWidth(panelWidth(drag.current.width + drag.current.x - event.clientX));
  };
  const onPointerUp = () => {
    if (drag.current) change(width);
    drag.current = null;
  };

  return (
    <div
      style={{ width }}
      className={cx(
        "shrink-0 bg-paper max-lg:fixed max-lg:inset-y-0 max-lg:right-0 max-lg:z-30 max-lg:shadow-pop md:max-lg:top-11 max-md:left-0 max-md:w-full!",
        "lg:relative lg:border-l lg:border-rule",
      )}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a separator that is moved has a value, which hr has not */}
      <div
        role="separator"
        tabIndex={0}
        aria-orientation="vertical"
        aria-label={`Width of ${label}`}
        aria-valuenow={width}
        aria-valuemin={PANEL_WIDTH.least}
        aria-valuemax={PANEL_WIDTH.most}
        onKeyDown={onHandleKey}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        className="absolute inset-y-0 -left-1 z-10 w-2 cursor-col-resize touch-none hover:bg-rule max-md:hidden print-hidden"
      />
      <aside
        aria-label={label}
        data-panel=""
        tabIndex={-1}
        className={cx(
          "overflow-auto outline-none [--gutter:20px] max-md:[--gutter:16px] max-lg:h-full",
          fills ? "lg:absolute lg:inset-0" : "lg:sticky lg:top-0 lg:max-h-[calc(100dvh-44px)]",
        )}
      >
        {children}
      </aside>
    </div>
  );
}
