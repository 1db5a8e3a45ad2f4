// Where an act came from. The origin follows from the credential, never from what a client says of itself.
import type { IconName } from "./icon";

export const ORIGINS: Record<string, { word: string; icon: IconName }> = {
  ui: { word: "UI", icon: "monitor" },
  cli: { word: "CLI", icon: "terminal" },
  ci: { word: "CI", icon: "git-branch" },
  api: { word: "API", icon: "webhook" },
  agent: { word: "Agent", icon: "server" },
  schedule: { word: "Schedule", icon: "calendar-clock" },
  system: { word: "System", icon: "settings" },
  canary: { word: "Canary", icon: "bird" },
};

/** Word and icon of an origin; an unknown one is shown as API. */
export function originWord(origin: string): { word: string; icon: IconName } {
  return ORIGINS[origin] ?? { word: origin, icon: "webhook" };
}
