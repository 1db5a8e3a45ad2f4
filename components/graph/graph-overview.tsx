"use client";

import { useStore } from "@xyflow/react";
import { memo, type PointerEvent, useMemo } from "react";
import type { Picture } from "./use-layout";

const MOST_WIDE = 200;
const MOST_HIGH = 120;

/** All of a large graph in a corner, with what is in view: one path, however many nodes. For the pointer; keys have the search and the edges. */
export function GraphOverview({ picture, onPoint }: { picture: Picture; onPoint: (x: number, y: number) => void }) {
  const { width, height } = picture.layout;
  const scale = Math.min(MOST_WIDE / width, MOST_HIGH / height);
  const point = (event: PointerEvent<HTMLDivElement>) => {
    if (event.type === "pointerdown") event.currentTarget.setPointerCapture(event.pointerId);
    else if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const box = event.currentTarget.getBoundingClientRect();
    onPoint((event.clientX - box.left) / scale, (event.clientY - box.top) / scale);
  };
  return (
    <div
      aria-hidden="true"
      className="nopan nowheel absolute right-3 bottom-3 z-5 cursor-crosshair overflow-hidden border border-rule-strong bg-paper"
      style={{ width: Math.max(24, width * scale), height: Math.max(12, height * scale) }}
      onPointerDown={point}
      onPointerMove={point}
    >
      <svg width={width * scale} height={height * scale} viewBox={`0 0 ${width} ${height}`} className="block" aria-hidden="true">
        <Nodes picture={picture} />
        <InView />
      </svg>
    </div>
  );
}

const Nodes = memo(function Nodes({ picture }: { picture: Picture }) {
  const path = useMemo(
    () =>
      picture.view.nodes
        .map(({ key, width, height }) => {
          const [x, y] = picture.layout.nodes[key] ?? [0, 0];
          return `M${x} ${y}h${width}v${height}h${-width}z`;
        })
        .join(""),
    [picture],
  );
  return <path d={path} className="fill-control" />;
});

function InView() {
  const [x, y, zoom] = useStore((store) => store.transform);
  const width = useStore((store) => store.width);
  const height = useStore((store) => store.height);
  return (
    <rect
      x={-x / zoom}
      y={-y / zoom}
      width={width / zoom}
      height={height / zoom}
      className="fill-ink/10 stroke-ink"
      strokeWidth="1.5"
      vectorEffect="non-scaling-stroke"
    />
  );
}
