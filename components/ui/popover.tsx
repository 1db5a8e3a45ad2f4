"use client";

import { cloneElement, type MouseEvent, type ReactElement, type ReactNode, type Ref, useRef, useState } from "react";
import { type Later, useLayers } from "./layers";

type Trigger = ReactElement<{ onClick?: (event: MouseEvent) => void; ref?: Ref<HTMLElement>; "aria-haspopup"?: "dialog"; "aria-expanded"?: boolean }>;

/**
 * A small layer beside its trigger; Esc closes it. The trigger is one element that takes a ref. What needs code of its own (`laterInLayer`)
 * names it as `code` and is made by a function, called when the code is there.
 */
export function Popover<T = undefined>({
  trigger,
  label,
  align = "start",
  side = "bottom",
  className = "w-80 px-4 py-3.5",
  open,
  onOpenChange,
  code,
  children,
}: {
  trigger: ReactNode;
  label: string;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  className?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  code?: Later<T>;
  children: ReactNode | ((loaded: T) => ReactNode);
}) {
  const [own, setOwn] = useState(false);
  const isOpen = open ?? own;
  const anchor = useRef<HTMLElement>(null);
  const layers = useLayers(isOpen, code);
  const set = (next: boolean) => {
    setOwn(next);
    onOpenChange?.(next);
  };
  const button = trigger as Trigger;
  return (
    <>
      {cloneElement(button, {
        ref: anchor,
        "aria-haspopup": "dialog",
        "aria-expanded": isOpen,
        onClick: (event) => {
          button.props.onClick?.(event);
          set(!isOpen);
        },
      })}
      {layers && (
        <layers.PopoverLayer open={isOpen} onOpenChange={set} anchor={anchor} label={label} align={align} side={side} className={className}>
          {typeof children === "function" ? children(code?.loaded as T) : children}
        </layers.PopoverLayer>
      )}
    </>
  );
}
