import "server-only";
import { cookies, headers } from "next/headers";
import { cache } from "react";
import { type Preferences, readPreferences } from "./preferences";

/** The preferences that the request's cookies hold; read once per request. */
export const requestPreferences = cache(async (): Promise<Preferences> => {
  const [store, sent] = await Promise.all([cookies(), headers()]);
  return readPreferences(
    (name) => {
      const value = store.get(name)?.value;
      try {
        return value === undefined ? undefined : decodeURIComponent(value);
      } catch {
        return undefined;
      }
    },
    /\bMobi/.test(sent.get("user-agent") ?? ""),
  );
});
