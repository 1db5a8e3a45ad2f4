"use client";

import { useRouter } from "next/navigation";
import { browserZone, DENSITIES, keepPreference, THEMES } from "@/components/shell/preferences";
import { useShell } from "@/components/shell/shell-context";
import { SelectField } from "@/components/ui/select-field";

const THEME_WORDS = { system: "As the system", light: "Light", dark: "Dark" } as const;
const DENSITY_WORDS = { compact: "Compact", default: "Default", relaxed: "Relaxed" } as const;

/** How I like to see things, in this browser: the account menu's choices, and every time zone. */
export function PreferencesForm({ zones }: { zones: string[] }) {
  const { preferences } = useShell();
  const router = useRouter();
  const keep = (name: "theme" | "density" | "keys" | "zone", value: string) => {
    keepPreference(name, value);
    if (name === "theme" || name === "density") {
      if (value === "system" || value === "default") delete document.documentElement.dataset[name];
      else document.documentElement.dataset[name] = value;
    }
    router.refresh();
  };
  return (
    <div className="flex flex-col gap-4">
      <SelectField
        id="theme"
        label="Theme"
        value={preferences.theme}
        onChange={(event) => keep("theme", event.target.value)}
        choices={THEMES.map((value) => ({ value, label: THEME_WORDS[value] }))}
      />
      <SelectField
        id="density"
        label="Row height"
        value={preferences.density}
        onChange={(event) => keep("density", event.target.value)}
        choices={DENSITIES.map((value) => ({ value, label: DENSITY_WORDS[value] }))}
      />
      <SelectField
        id="zone"
        label="Time zone"
        help="Times on pages; exports are always UTC."
        value={preferences.zoneIsAuto ? "auto" : preferences.zone}
        onChange={(event) => keep("zone", event.target.value === "auto" ? browserZone().cookie : event.target.value)}
        choices={[{ value: "auto", label: "As this browser" }, ...zones.map((value) => ({ value, label: value.replaceAll("_", " ") }))]}
      />
      <SelectField
        id="keys"
        label="Single-key shortcuts"
        value={preferences.hasKeys ? "on" : "off"}
        onChange={(event) => keep("keys", event.target.value)}
        choices={[
          { value: "on", label: "On" },
          { value: "off", label: "Off" },
        ]}
      />
    </div>
  );
}
