"use client";

import { DropdownMenu, Popover } from "radix-ui";
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";

// What lies over the page: popovers and menus, held by their trigger, which is an ordinary button of the page (see layers.ts).

export { DropdownMenu };

const FLOATING = "z-50 rounded-2 border border-rule-strong bg-paper text-ink-2 shadow-pop animate-rise max-h-(--radix-popper-available-height) overflow-auto";

type Common = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  anchor: RefObject<HTMLElement | null>;
  className: string;
  children: ReactNode;
};

/** Gives the focus back to the trigger, unless the person went elsewhere; a press on the trigger is the trigger's own affair. */
function useReturn(anchor: RefObject<HTMLElement | null>) {
  const isElsewhere = useRef(false);
  return {
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      if (!isElsewhere.current) anchor.current?.focus();
      isElsewhere.current = false;
    },
    onInteractOutside: (event: Event) => {
      if (anchor.current?.contains(event.target as Node)) event.preventDefault();
      else isElsewhere.current = true;
    },
  };
}

export function PopoverLayer({
  open,
  onOpenChange,
  anchor,
  label,
  align,
  side,
  className,
  children,
}: Common & { label: string; align: "start" | "center" | "end"; side: "top" | "bottom" }) {
  const back = useReturn(anchor);
  return (
    <Popover.Root open={open} onOpenChange={onOpenChange}>
      <Popover.Anchor virtualRef={anchor as RefObject<HTMLElement>} />
      <Popover.Portal>
        <Popover.Content {...back} aria-label={label} align={align} side={side} sideOffset={6} collisionPadding={8} className={`${FLOATING} ${className}`}>
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

/** `byKey`: it was opened by key, so the first entry takes the focus. */
export function MenuLayer({
  open,
  onOpenChange,
  anchor,
  labelledBy,
  align,
  byKey,
  className,
  children,
}: Common & { labelledBy: string; align: "start" | "end"; byKey: boolean }) {
  const back = useReturn(anchor);
  const content = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<DOMRect | null>(null);
  useLayoutEffect(() => {
    if (!open) return;
    const follow = () => setPlace(anchor.current?.getBoundingClientRect() ?? null);
    follow();
    window.addEventListener("scroll", follow, true);
    window.addEventListener("resize", follow);
    return () => {
      window.removeEventListener("scroll", follow, true);
      window.removeEventListener("resize", follow);
    };
  }, [open, anchor]);
  useEffect(() => {
    if (!open || !byKey || !place) return;
    const frame = requestAnimationFrame(() => content.current?.querySelector<HTMLElement>("[role^=menuitem]")?.focus());
    return () => cancelAnimationFrame(frame);
  }, [open, byKey, place]);
  return (
    <DropdownMenu.Root modal={false} open={open && place !== null} onOpenChange={onOpenChange}>
      {/* The menu hangs on this; it lies where the trigger does. */}
      <DropdownMenu.Trigger asChild>
        <span
          aria-hidden="true"
          className="pointer-events-none fixed"
          style={place ? { left: place.left, top: place.top, width: place.width, height: place.height } : undefined}
        />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          {...back}
          ref={content}
          aria-labelledby={labelledBy}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className={`${FLOATING} ${className}`}
        >
          {children}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
