"use client";

import { useEffect, useState } from "react";

/** The secret in the address's fragment, which browsers don't send: undefined until the page runs, "" without one. Taken out of the address. */
export function useFragment(): string | undefined {
  const [secret, setSecret] = useState<string>();
  useEffect(() => {
    const read = () => {
      const given = window.location.hash.slice(1);
      if (given === "main") return; // the skip link
      setSecret((held) => given || held || "");
      if (given) window.history.replaceState(window.history.state, "", window.location.pathname); // not in the history, not over a shoulder
    };
    read();
    window.addEventListener("hashchange", read);
    return () => window.removeEventListener("hashchange", read);
  }, []);
  return secret;
}
