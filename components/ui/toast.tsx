"use client";

import { Toast as Radix } from "radix-ui";
import { createContext, type ReactNode, useCallback, useContext, useState } from "react";

const SHOWN_MS = 5000;
const ToastContext = createContext<(text: string) => void>(() => undefined);

/** Shows one short note at a time, lower left, for 5 s; it stays while hovered or focused. Never for errors. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [note, setNote] = useState<{ text: string; id: number } | null>(null);
  const show = useCallback((text: string) => setNote({ text, id: Date.now() }), []);
  return (
    <ToastContext.Provider value={show}>
      <Radix.Provider duration={SHOWN_MS} label="Note">
        {children}
        {note && (
          <Radix.Root
            key={note.id}
            onOpenChange={(open) => !open && setNote(null)}
            className="animate-rise rounded-2 border border-rule-strong bg-paper px-4 py-2.5 text-ink shadow-pop"
          >
            <Radix.Description>{note.text}</Radix.Description>
          </Radix.Root>
        )}
        <Radix.Viewport className="fixed bottom-4 left-4 z-50 max-w-[calc(100vw-32px)] outline-none" />
      </Radix.Provider>
    </ToastContext.Provider>
  );
}

/** Gives the function that shows a note. */
export function useToast(): (text: string) => void {
  return useContext(ToastContext);
}
