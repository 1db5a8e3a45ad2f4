"use client";

import { useEffect, useState } from "react";

// Menus, popovers and forms need code that no page needs to be read. It is fetched beside the page's own scripts, which don't wait for it.

/** Code that comes after the page: `load` gives it, `loaded` is it once it is there. */
export type Later<T> = { load: () => Promise<T>; loaded?: T };

/** Fetches code beside the page's own: `later(() => import("./form"))`, once per module. */
export function later<T>(fetchCode: () => Promise<T>): Later<T> {
  let asked: Promise<T> | undefined;
  const code: Later<T> = {
    load: () => {
      asked ??= fetchCode().then((module) => {
        code.loaded = module;
        return module;
      });
      asked.catch(() => {
        asked = undefined; // the next one tries again
      });
      return asked;
    },
  };
  if (typeof window !== "undefined") code.load().catch(() => undefined);
  return code;
}

/** The code, once `isOpen` first wants it; null until then. What is typed until the layer is there goes to it. */
export function useLater<T>(code: Later<T>, isOpen: boolean): T | null {
  const [isReady, setReady] = useState(false);
  useEffect(() => {
    if (!isOpen || isReady) return;
    const held = code.loaded ? undefined : holdKeys();
    code.load().then(
      () => {
        setReady(true);
        held?.release();
      },
      () => held?.drop(), // offline: the trigger stays a button, and the next press tries again
    );
    return () => held?.drop();
  }, [code, isOpen, isReady]);
  return isReady || isOpen ? (code.loaded ?? null) : null;
}

type Layers = typeof import("./radix-layers");
const layers: Later<Layers> = later(() => import("./radix-layers"));

/** The code of the layers. Only for what is inside an open one. Throws where none was opened. */
export function openedLayers(): Layers {
  if (!layers.loaded) throw new Error("no layer is open");
  return layers.loaded;
}

/** What is shown in a layer, there when both have come. */
export const laterInLayer = <T>(fetchCode: () => Promise<T>): Later<T> => later(async () => (await Promise.all([fetchCode(), layers.load()]))[0]);

/** The code of the layers, as `useLater`; `inside`: with what is shown in it. */
export const useLayers = (isOpen: boolean, inside?: Later<unknown>): Layers | null => (useLater(inside ?? layers, isOpen) ? openedLayers() : null);

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
