"use client";

import { type MouseEvent, type PointerEvent, useEffect, useRef } from "react";

const PRESS_MS = 500;
const STILL_PX = 10;

/** A finger held still on something with `data-row`: calls with its value, once, and swallows the tap that ends it. */
export function useLongPress(onPress: (row: string) => void) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const from = useRef({ x: 0, y: 0 });
  const pressed = useRef(false);
  const cancel = () => clearTimeout(timer.current);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    onPointerDown: (event: PointerEvent) => {
      pressed.current = false;
      cancel();
      const row = (event.target as HTMLElement).closest<HTMLElement>("[data-row]")?.dataset.row;
      if (event.pointerType !== "touch" || row === undefined) return;
      from.current = { x: event.clientX, y: event.clientY };
      timer.current = setTimeout(() => {
        pressed.current = true;
        onPress(row);
      }, PRESS_MS);
    },
    onPointerMove: (event: PointerEvent) => {
      if (Math.hypot(event.clientX - from.current.x, event.clientY - from.current.y) > STILL_PX) cancel();
    },
    onPointerUp: cancel,
    onPointerCancel: cancel,
    onContextMenu: (event: MouseEvent) => pressed.current && event.preventDefault(),
    onClickCapture: (event: MouseEvent) => {
      if (!pressed.current) return;
      pressed.current = false;
      event.preventDefault();
      event.stopPropagation();
    },
  };
}
