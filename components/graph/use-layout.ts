"use client";

import { useEffect, useRef, useState } from "react";
import { type Layout, layOut } from "./layout";
import { layoutKey, type View } from "./view";

export type Picture = { key: string; view: View; layout: Layout };

/** The picture of a view. While a new one is being placed the last one stays. */
export function usePicture(snapshotId: string, view: View): { picture: Picture | null; isPlacing: boolean; failure: string | null } {
  const key = layoutKey(snapshotId, view);
  const [made, setMade] = useState<{ key: string; layout: Layout } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const last = useRef<Picture | null>(null);
  const latestView = useRef(view);
  latestView.current = view;

  useEffect(() => {
    let isWanted = true;
    layOut(key, latestView.current).then(
      (layout) => isWanted && setMade({ key, layout }),
      (error: unknown) => isWanted && setFailure(error instanceof Error ? error.message : String(error)),
    );
    return () => {
      isWanted = false;
    };
  }, [key]);

  if (made?.key === key && (last.current?.key !== key || last.current.view !== view)) last.current = { key, view, layout: made.layout };
  return { picture: last.current, isPlacing: made?.key !== key, failure };
}
