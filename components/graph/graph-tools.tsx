"use client";

import { IconButton } from "@/components/ui/button";
import { cx } from "@/components/ui/class-names";
import { Icon, type IconName } from "@/components/ui/icon";
import { Kbd } from "@/components/ui/kbd";
import { Menu, MenuItem } from "@/components/ui/menu";

/** Zoom, fit, the selection, focus mode and the next failed step, for the pointer; each has a key. */
export function GraphTools({
  onZoom,
  onFit,
  onLocate,
  onFocus,
  isFocused,
  onFold,
  failed,
  onFailed,
  onSave,
}: {
  onZoom: (factor: number) => void;
  onFit: () => void;
  onLocate: (() => void) | null;
  onFocus: () => void;
  isFocused: boolean;
  onFold: () => void;
  failed: number;
  onFailed: () => void;
  onSave: (kind: "svg" | "png") => void;
}) {
  return (
    <>
      {failed > 0 && (
        <button type="button" onClick={onFailed} className="flex h-6 items-center gap-1.5 rounded-1 bg-desk px-1 text-meta text-fail hover:bg-hover">
          <Icon name="octagon-x" size={14} />
          {failed} failed <Kbd>n</Kbd>
        </button>
      )}
      <div className="flex flex-col">
        <Tool icon="plus" label="Zoom in (+)" onClick={() => onZoom(1.3)} />
        <Tool icon="minus" label="Zoom out (−)" onClick={() => onZoom(1 / 1.3)} />
        <Tool icon="maximize" label="Fit the graph (0)" onClick={onFit} />
        <Tool icon="crosshair" label={onLocate ? "Go to the selection" : "Go to the selection: nothing is selected"} onClick={onLocate} />
        <Tool icon="focus" label="Only what is before and after it (f)" onClick={onFocus} isPressed={isFocused} />
        <Tool icon="square-stack" label="Open or close its group (e)" onClick={onFold} />
        <Menu align="start" className="min-w-40 p-1" trigger={<IconButton icon="download" label="Save as a picture" size={14} className="bg-desk" />}>
          <MenuItem onSelect={() => onSave("svg")}>SVG, to scale</MenuItem>
          <MenuItem onSelect={() => onSave("png")}>PNG</MenuItem>
        </Menu>
      </div>
    </>
  );
}

function Tool({ icon, label, onClick, isPressed }: { icon: IconName; label: string; onClick: (() => void) | null; isPressed?: boolean }) {
  return (
    <button
      type="button"
      title={label}
      aria-label={label}
      aria-disabled={onClick === null || undefined}
      aria-pressed={isPressed}
      onClick={onClick ?? undefined}
      className={cx(
        "grid size-7 place-items-center rounded-1 bg-desk hover:bg-hover",
        onClick === null ? "text-rule-strong" : "text-ink-2",
        isPressed && "bg-select text-ink",
      )}
    >
      <Icon name={icon} size={14} />
    </button>
  );
}
