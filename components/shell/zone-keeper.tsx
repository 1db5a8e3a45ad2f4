"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { browserZone, keepPreference } from "./preferences";

/** Tells the server the browser's time zone, once, so that later pages come in it. Only while the zone follows the browser. */
export function ZoneKeeper({ zone, isAuto }: { zone: string; isAuto: boolean }) {
  const router = useRouter();
  useEffect(() => {
    if (!isAuto) return;
    const own = browserZone();
    if (own.zone === zone) return;
    keepPreference("zone", own.cookie);
    router.refresh();
  }, [zone, isAuto, router]);
  return null;
}
