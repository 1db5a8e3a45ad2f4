"use client";

import { Popover as Radix } from "radix-ui";
import type { ReactNode } from "react";

export const FLOATING =
  "z-50 rounded-2 border border-rule-strong bg-paper text-ink-2 shadow-pop animate-rise max-h-(--radix-popper-available-height) overflow-auto";

/** A small layer beside its trigger; Esc closes it. The trigger is one element that takes a ref. */
export function Popover({
  trigger,
  label,
  align = "start",
  side = "bottom",
  className = "w-80 px-4 py-3.5",
  open,
  onOpenChange,
  children,
}: {
  trigger: ReactNode;
  label: string;
  align?: "start" | "center" | "end";
  side?: "top" | "bottom";
  className?: string;
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
  children: ReactNode;
}) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content aria-label={label} align={align} side={side} sideOffset={6} collisionPadding={8} className={`${FLOATING} ${className}`}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
