"use client";

import { useReactFlow, type Viewport } from "@xyflow/react";
import { type RefObject, useEffect, useMemo, useRef } from "react";

// The camera over a graph: moves of 240 ms that any key cuts short, none at all for who asked for less motion.

export type Box = { x: number; y: number; width: number; height: number };

const MOVE_MS = 240;
const MARGIN = 24;
/** Where the search and the tools stand. */
const LEFT = 56;
export const MIN_ZOOM = 0.08;
export const MAX_ZOOM = 1.75;
const READABLE_ZOOM = 0.7;

/** The view that shows a whole box, never larger than life. */
export function fitBox(box: Box, pane: { width: number; height: number }): Viewport {
  const room = pane.width - LEFT - MARGIN;
  const zoom = Math.max(MIN_ZOOM, Math.min(1, room / box.width, (pane.height - 2 * MARGIN) / box.height));
  return { zoom, x: LEFT + (room - box.width * zoom) / 2 - box.x * zoom, y: (pane.height - box.height * zoom) / 2 - box.y * zoom };
}

/** The first view: all of it while its names can be read, otherwise what matters most (or its beginning) in readable size. */
export function firstView(whole: Box, matters: Box | undefined, pane: { width: number; height: number }): Viewport {
  const all = fitBox(whole, pane);
  if (all.zoom >= READABLE_ZOOM) return all;
  const zoom = Math.max(READABLE_ZOOM, Math.min(1, (pane.width - LEFT - MARGIN) / whole.width));
  const middle = matters ?? { x: whole.x + whole.width / 2, y: whole.y, width: 0, height: 0 };
  const x = pane.width / 2 - (middle.x + middle.width / 2) * zoom;
  const y = matters ? pane.height / 2 - (middle.y + middle.height / 2) * zoom : MARGIN - middle.y * zoom;
  return { zoom, x, y: Math.min(MARGIN - whole.y * zoom, y) };
}

/** Moves over the graph in `pane`. */
export function useCamera(pane: RefObject<HTMLElement | null>) {
  const flow = useReactFlow();
  const goal = useRef<Viewport | null>(null);

  useEffect(() => {
    const cut = () => {
      const end = goal.current;
      goal.current = null;
      if (end) void flow.setViewport(end);
    };
    window.addEventListener("keydown", cut, { capture: true });
    return () => window.removeEventListener("keydown", cut, { capture: true });
  }, [flow]);

  return useMemo(() => {
    const size = () => ({ width: pane.current?.clientWidth ?? 0, height: pane.current?.clientHeight ?? 0 });
    const moveTo = (to: Viewport) => {
      const duration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : MOVE_MS;
      goal.current = duration > 0 ? to : null;
      void flow.setViewport(to, { duration }).then(() => {
        if (goal.current === to) goal.current = null;
      });
    };
    return {
      jumpBy(dx: number, dy: number) {
        const { x, y, zoom } = flow.getViewport();
        void flow.setViewport({ zoom, x: x + dx * zoom, y: y + dy * zoom });
      },
      zoomBy(factor: number) {
        const { x, y, zoom } = goal.current ?? flow.getViewport();
        const next = Math.max(MIN_ZOOM, Math.min(MAX_ZOOM, zoom * factor));
        const { width, height } = size();
        moveTo({ zoom: next, x: width / 2 - ((width / 2 - x) * next) / zoom, y: height / 2 - ((height / 2 - y) * next) / zoom });
      },
      fit: (box: Box) => moveTo(fitBox(box, size())),
      /** Into the middle, in readable size. */
      center(box: Box) {
        const { width, height } = size();
        const zoom = Math.max(READABLE_ZOOM, flow.getViewport().zoom);
        moveTo({ zoom, x: width / 2 - (box.x + box.width / 2) * zoom, y: height / 2 - (box.y + box.height / 2) * zoom });
      },
      /** A point of the graph into the middle, at once. */
      centerOn(x: number, y: number) {
        const { width, height } = size();
        const { zoom } = flow.getViewport();
        void flow.setViewport({ zoom, x: width / 2 - x * zoom, y: height / 2 - y * zoom });
      },
      /** As little as needed for the whole box to be in view. */
      show(box: Box) {
        const { x, y, zoom } = goal.current ?? flow.getViewport();
        const { width, height } = size();
        const [left, top] = [box.x * zoom + x, box.y * zoom + y];
        const [right, bottom] = [left + box.width * zoom, top + box.height * zoom];
        const by = (low: number, high: number, begin: number, end: number) => (low < begin ? begin - low : high > end ? end - high : 0);
        const [dx, dy] = [by(left, right, LEFT, width - MARGIN), by(top, bottom, MARGIN, height - MARGIN)];
        if (dx !== 0 || dy !== 0) moveTo({ zoom, x: x + dx, y: y + dy });
      },
    };
  }, [flow, pane]);
}
