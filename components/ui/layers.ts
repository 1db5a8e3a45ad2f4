"use client";

import { useEffect, useState } from "react";

// Menus and popovers need code that no page needs to be read. It is fetched beside the page's own scripts, which don't wait for it.

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
if (typeof window !== "undefined") load().catch(() => undefined);

/** The code of the layers. Only for what is inside an open one. Throws where none was opened. */
export function openedLayers(): Layers {
  if (!loaded) throw new Error("no layer is open");
  return loaded;
}

/** The code of the layers, once `isOpen` first wants it; null until then. What is typed until the layer is there goes to it. */
export function useLayers(isOpen: boolean): Layers | null {
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    if (!isOpen || isReady) return;
    const held = loaded ? undefined : holdKeys();
    load().then(
      () => {
        setReady(true);
        held?.release();
      },
      () => held?.drop(), // offline: the trigger stays a button, and the next press tries again
    );
    return () => held?.drop();
  }, [isOpen, isReady]);
  return isReady || (isOpen && loaded) ? (loaded ?? null) : null;
}

/** Holds keys back from the page. `release` gives them to what has the focus two frames later, when the layer has taken it. */
function holdKeys() {
  const keys: string[] = [];
  let isReleased = false;
  const onKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    keys.push(event.key);
  };
  const stop = () => window.removeEventListener("keydown", onKey, true);
  window.addEventListener("keydown", onKey, true);
  return {
    drop: () => {
      if (!isReleased) stop();
    },
    release: () => {
      isReleased = true;
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          stop();
          for (const key of keys) {
            const target = document.activeElement ?? document.body;
            if (key.length === 1) document.execCommand("insertText", false, key);
            else target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
          }
        }),
      );
    },
  };
}
