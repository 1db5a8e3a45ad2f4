import { Badge } from "@/components/ui/badge";
import type { DirectorySummary } from "@/lib/directories/schema";

const WORDS = {
  active: { tone: "ok", icon: "circle-check", word: "On" },
  off: { tone: "idle", icon: "ban", word: "Off" },
  unused: { tone: "idle", icon: "circle-dashed", word: "Nothing heard yet" },
  silent: { tone: "warn", icon: "unplug", word: "Silent" },
  held: { tone: "warn", icon: "hand", word: "Removals held" },
} as const;

/** What waits for a person comes before anything else. */
export function DirectoryState({ directory: { state, hold } }: { directory: Pick<DirectorySummary, "state" | "hold"> }) {
  const { tone, icon, word } = WORDS[hold ? "held" : state];
  return (
    <Badge tone={tone} icon={icon}>
      {word}
    </Badge>
  );
}
