"use client";

import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./button";
import { cx } from "./class-names";

// The browser's own dialog: it traps focus, closes on Esc and lies above everything, without a style element that our policy would block.

/** Opens and closes with `open`; `onClose` is called for Esc, the close button and a click beside it. */
function useModal(open: boolean) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (!dialog) return;
    if (open && !dialog.open) dialog.showModal();
    if (!open && dialog.open) dialog.close();
  }, [open]);
  return ref;
}

type Props = { open: boolean; onClose: () => void; title: string; children: ReactNode };

/** A dialog: only to decide or to show once. `isHeld`: it ends by its own button only, not by Esc or a click beside it. */
export function Dialog({ open, onClose, title, isHeld, children }: Props & { isHeld?: boolean }) {
  return (
    <Frame
      open={open}
      onClose={onClose}
      title={title}
      isHeld={isHeld}
      className="m-auto max-h-[80dvh] w-[min(560px,calc(100vw-32px))] rounded-3 border animate-rise"
    >
      {children}
    </Frame>
  );
}

/** A drawer from the left, for the navigation on a phone. */
export function Drawer({ open, onClose, title, children }: Props) {
  return (
    <Frame open={open} onClose={onClose} title={title} className="m-0 h-dvh max-h-dvh w-72 max-w-[85vw] border-r [animation:slide-in_var(--move)_var(--ease)]">
      {children}
    </Frame>
  );
}

function Frame({ open, onClose, title, className, isHeld, children }: Props & { className: string; isHeld?: boolean }) {
  const ref = useModal(open);
  const titleId = useId();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Esc closes it by key, which the browser reports as onClose
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onCancel={(event) => isHeld && event.preventDefault()}
      onClose={onClose}
      onClick={(event) => !isHeld && event.target === ref.current && onClose()}
      // What is opened from a cell of a table would take over how that one is set.
      className={cx(
        "overflow-auto border-rule-strong bg-paper p-0 text-left text-body font-normal whitespace-normal text-ink-2 shadow-pop backdrop:bg-scrim",
        className,
      )}
    >
      {open && (
        <div className="p-5">
          <div className="mb-3 flex items-center gap-3">
            <h2 id={titleId} className="flex-1 text-lead">
              {title}
            </h2>
            {!isHeld && <IconButton icon="x" label="Close" onClick={onClose} />}
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}
