"use client";

import { useRouter } from "next/navigation";
import { Menu, MenuChoice, MenuItem, MenuLink, MenuSeparator, MenuSubmit } from "@/components/ui/menu";
import { Avatar } from "@/components/ui/who";
import { SHOW_KEY_MAP } from "./keys";
import { browserZone, keepPreference, THEMES } from "./preferences";
import { useShell } from "./shell-context";

/** Who is signed in and how they like to see things. Choices hold at once and are drawn by the server from then on. */
export function AccountMenu() {
  const { data, preferences, workspace } = useShell();
  const router = useRouter();
  const role = workspace?.role ?? data.person.organizationRole;
  const zone = preferences.zoneIsAuto ? "auto" : preferences.zone;

  const keep = (name: "theme" | "density" | "keys", value: string) => {
    keepPreference(name, value);
    if (name !== "keys") {
      if (value === "system" || value === "default") delete document.documentElement.dataset[name];
      else document.documentElement.dataset[name] = value;
    }
    router.refresh();
  };

  return (
    <Menu
      className="w-84 max-w-[calc(100vw-16px)] p-1"
      trigger={
        <button
          type="button"
          aria-label={`Account: ${data.person.name}, ${role}`}
          className="flex min-h-7 items-center gap-2 rounded-1 px-1.5 py-0.5 text-left hover:bg-hover max-md:size-10 max-md:justify-center max-md:p-0"
        >
          <Avatar name={data.person.name} kind={data.person.kind} size={26} />
          <span className="max-md:hidden">
            <b className="block leading-4">{data.person.name}</b>
            <span className="block text-[11px] leading-3.5 text-ink-3">{role}</span>
          </span>
        </button>
      }
    >
      <div className="px-2.5 pt-1.5 pb-2 md:hidden">
        <b className="block">{data.person.name}</b>
        <span className="text-meta text-ink-3">{role}</span>
      </div>
      <MenuChoice
        isInline
        label="Theme"
        value={preferences.theme}
        choices={THEMES.map((theme) => ({ value: theme, label: { system: "System", light: "Light", dark: "Dark" }[theme] }))}
        onChange={(value) => keep("theme", value)}
      />
      <MenuChoice
        isInline
        label="Row height"
        value={preferences.density}
        choices={[
          { value: "compact", label: "Compact" },
          { value: "default", label: "Default" },
          { value: "relaxed", label: "Relaxed" },
        ]}
        onChange={(value) => keep("density", value)}
      />
      <MenuChoice
        isInline
        label="Single keys"
        value={preferences.hasKeys ? "on" : "off"}
        choices={[
          { value: "on", label: "On" },
          { value: "off", label: "Off" },
        ]}
        onChange={(value) => keep("keys", value)}
      />
      <MenuSeparator />
      <MenuChoice
        label="Time zone"
        value={zone}
        choices={[
          { value: "auto", label: `As this browser: ${(preferences.zoneIsAuto ? preferences.zone : browserZoneName()).replaceAll("_", " ")}` },
          { value: "UTC", label: "UTC" },
          ...(zone === "auto" || zone === "UTC" ? [] : [{ value: zone, label: zone.replaceAll("_", " ") }]),
        ]}
        onChange={(value) => {
          keepPreference("zone", value === "auto" ? browserZone().cookie : value);
          router.refresh();
        }}
      />
      <MenuSeparator />
      <MenuLink icon="user-round" href="/account">
        My account
      </MenuLink>
      {data.viewAsPath && (
        <MenuLink icon="eye" href={data.viewAsPath}>
          View as a role…
        </MenuLink>
      )}
      <MenuItem icon="keyboard" onSelect={() => window.dispatchEvent(new Event(SHOW_KEY_MAP))}>
        Keyboard map
      </MenuItem>
      <MenuSubmit icon="log-out" action={data.signOutPath}>
        Sign out
      </MenuSubmit>
    </Menu>
  );
}

function browserZoneName(): string {
  return typeof window === "undefined" ? "UTC" : browserZone().zone;
}
