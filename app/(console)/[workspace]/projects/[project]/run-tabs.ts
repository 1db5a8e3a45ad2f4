import { listPath } from "@/components/project/paths";
import type { TabLink } from "@/components/ui/tabs";

/** Runs and their steps: two lists of one head. */
export const runTabs = (project: string, current: "runs" | "steps"): TabLink[] => [
  { href: listPath(project, "runs"), label: "Runs", isCurrent: current === "runs" },
  { href: listPath(project, "steps"), label: "Steps", isCurrent: current === "steps" },
];
