"use client";

import { useEffect, useState } from "react";

// Menus and popovers need code that no page needs to be read. It is fetched when the page has been drawn, so that a layer opens at once.

type Layers = typeof import("./radix-layers");
let loaded: Layers | undefined;
let asked: Promise<Layers> | undefined;

const load = (): Promise<Layers> => {
  asked ??= import("./radix-layers").then((module) => {
    loaded = module;
    return module;
  });
  asked.catch(() => {
    asked = undefined; // the next one tries again
  });
  return asked;
};

/** The code of the layers. Only for what is inside an open one. Throws where none was opened. */
export function openedLayers(): Layers {
  if (!loaded) throw new Error("no layer is open");
  return loaded;
}

/** The code of the layers, once `isOpen` first wants it; null until then. */
export function useLayers(isOpen: boolean): Layers | null {
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => void load().catch(() => undefined), 100);
    return () => clearTimeout(timer);
  }, []);
  useEffect(() => {
    if (isOpen && !isReady)
      load().then(
        () => setReady(true),
        () => undefined, // offline: the trigger stays a button, and the next press tries again
      );
  }, [isOpen, isReady]);
  return isReady || (isOpen && loaded) ? (loaded ?? null) : null;
}
