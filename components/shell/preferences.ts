// How a person likes to see things. Kept in cookies that hold no secret, so that the server draws the right page at once.
// The zone cookie holds the browser's own zone as "auto:<zone>" until the person names one.

export const THEMES = ["system", "light", "dark"] as const;
export const DENSITIES = ["default", "compact", "relaxed"] as const;

export type Preferences = {
  theme: (typeof THEMES)[number];
  density: (typeof DENSITIES)[number];
  /** IANA name of the zone that times are shown in. */
  zone: string;
  /** True when the zone follows the browser. */
  zoneIsAuto: boolean;
  /** False when single keys (`j`, `g r`, `?`) do nothing. */
  hasKeys: boolean;
  /** True when this browser's window was as narrow as a phone's the last time. */
  isNarrow: boolean;
  /** The section of a workspace that was used last. */
  section: string | undefined;
  /** Width of a side panel in pixels, by what it shows; undefined when it was never changed. */
  panels: { step: number | undefined; artifact: number | undefined };
};

export const PREFERENCE_COOKIES = {
  theme: "reeve.theme",
  density: "reeve.density",
  zone: "reeve.zone",
  keys: "reeve.keys",
  section: "reeve.section",
  stepPanel: "reeve.panel.step",
  artifactPanel: "reeve.panel.artifact",
  screen: "reeve.screen",
} as const;

const AUTO = "auto:";

/** Reads the preferences from cookie values; what is missing or not known falls back to the default. `isPhone`: what the browser calls itself. */
export function readPreferences(cookie: (name: string) => string | undefined, isPhone = false): Preferences {
  const screen = cookie(PREFERENCE_COOKIES.screen);
  const theme = cookie(PREFERENCE_COOKIES.theme);
  const density = cookie(PREFERENCE_COOKIES.density);
  const zone = cookie(PREFERENCE_COOKIES.zone) ?? AUTO;
  const zoneIsAuto = zone.startsWith(AUTO);
  const name = zoneIsAuto ? zone.slice(AUTO.length) : zone;
  return {
    theme: THEMES.find((known) => known === theme) ?? "system",
    density: DENSITIES.find((known) => known === density) ?? "default",
    zone: isZone(name) ? name : "UTC",
    zoneIsAuto,
    hasKeys: cookie(PREFERENCE_COOKIES.keys) !== "off",
    isNarrow: screen === undefined ? isPhone : screen === "narrow",
    section: cookie(PREFERENCE_COOKIES.section),
    panels: { step: pixels(cookie(PREFERENCE_COOKIES.stepPanel)), artifact: pixels(cookie(PREFERENCE_COOKIES.artifactPanel)) },
  };
}

const pixels = (text: string | undefined) => (text && /^\d{1,4}$/.test(text) ? Number(text) : undefined);

/** Keeps one preference for a year, in this browser. */
export function keepPreference(name: keyof typeof PREFERENCE_COOKIES, value: string): void {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in two of the supported browsers
  document.cookie = `${PREFERENCE_COOKIES[name]}=${encodeURIComponent(value)}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
}

/** The zone cookie's value for "follow the browser". */
export function browserZone(): { cookie: string; zone: string } {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  return { cookie: `${AUTO}${zone}`, zone };
}

function isZone(name: string): boolean {
  if (!name) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
