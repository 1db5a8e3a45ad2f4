import { Badge } from "@/components/ui/badge";
import type { DirectorySummary } from "@/lib/directories/schema";

const WORDS = {
  active: { tone: "ok", icon: "circle-check", word: "On" },
  off: { tone: "idle", icon: "ban", word: "Off" },
  unused: { tone: "idle", icon: "circle-dashed", word: "Nothing heard yet" },
  silent: { tone: "warn", icon: "unplug", word: "Silent" },
} as const;

export function DirectoryState({ state }: Pick<DirectorySummary, "state">) {
  const { tone, icon, word } = WORDS[state];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}
