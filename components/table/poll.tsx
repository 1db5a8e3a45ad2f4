"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Asks the server for this page again every `seconds` while it is shown. */
export function Poll({ seconds }: { seconds: number }) {
  const router = useRouter();
  useEffect(() => {
    const timer = setInterval(() => !document.hidden && router.refresh(), seconds * 1000);
    return () => clearInterval(timer);
  }, [router, seconds]);
  return null;
}
