"use client";

import { useRouter } from "next/navigation";
import { useEffect } from "react";

/** Goes to `href` where the window is as narrow as a phone's: for what is not drawn there unless it is asked for. */
export function NarrowWindow({ href }: { href: string }) {
  const router = useRouter();
  useEffect(() => {
    if (matchMedia("(max-width: 767px)").matches) router.replace(href, { scroll: false });
  }, [router, href]);
  return null;
}
