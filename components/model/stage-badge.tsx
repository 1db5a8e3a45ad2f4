import { cx } from "@/components/ui/class-names";

// Stages by weight, not by hue: hue means status (DESIGN §4).
const LOOKS: Record<string, string> = {
  production: "border-ink bg-ink text-paper",
  staging: "border-ink text-ink",
  archived: "border-rule-strong text-ink-3",
};

/** The stage of a model version; what has none says so. */
export function StageBadge({ stage }: { stage: string | null }) {
  if (!stage) return <span className="text-ink-3">no stage</span>;
  return <span className={cx("inline-block h-[18px] rounded-1 border px-1.5 align-middle text-label leading-4 font-medium", LOOKS[stage])}>{stage}</span>;
}
