import { Badge, type Tone } from "@/components/ui/badge";
import type { IconName } from "@/components/ui/icon";
import { type Trial, type TrialVerdict, verdictOf } from "@/lib/canaries/schema";
import { VERDICTS } from "./lists";

const LOOKS: Record<TrialVerdict, { tone: Tone; icon: IconName }> = {
  refused: { tone: "ok", icon: "circle-check" },
  late: { tone: "fail", icon: "timer" },
  open: { tone: "fail", icon: "shield-x" },
  "not measured": { tone: "warn", icon: "circle-alert" },
};

/** Whether access was over in time. */
export function Verdict({ trial }: { trial: Pick<Trial, "seconds" | "failure"> }) {
  const verdict = verdictOf(trial);
  return <Badge {...LOOKS[verdict]}>{VERDICTS.find(({ value }) => value === verdict)?.label ?? verdict}</Badge>;
}
