"use client";

import { type ComponentProps, type ComponentType, createContext, type ReactNode, useCallback, useContext, useState } from "react";
import type { ToastLayer } from "./toast-layer";

const ToastContext = createContext<(text: string) => void>(() => undefined);

type Layer = ComponentType<ComponentProps<typeof ToastLayer>>;

/** Shows one short note at a time, lower left, for 5 s; it stays while hovered or focused. Never for errors. */
export function ToastProvider({ children }: { children: ReactNode }) {
  const [note, setNote] = useState<{ text: string; id: number } | null>(null);
  const [Layer, setLayer] = useState<Layer | null>(null);
  const show = useCallback((text: string) => {
    setNote({ text, id: Date.now() });
    import("./toast-layer").then(
      (module) => setLayer(() => module.ToastLayer),
      () => undefined, // offline: what was done stands on the page too
    );
  }, []);
  return (
    <ToastContext.Provider value={show}>
      {children}
      {Layer && <Layer note={note} onEnd={() => setNote(null)} />}
    </ToastContext.Provider>
  );
}

/** Gives the function that shows a note. */
export function useToast(): (text: string) => void {
  return useContext(ToastContext);
}
