import { listPath } from "@/components/project/paths";
import type { TabLink } from "@/components/ui/tabs";

/** Artifacts and their versions: two lists of one head. */
export const artifactTabs = (project: string, current: "artifacts" | "artifact-versions"): TabLink[] => [
  { href: listPath(project, "artifacts"), label: "Artifacts", isCurrent: current === "artifacts" },
  { href: listPath(project, "artifact-versions"), label: "Versions", isCurrent: current === "artifact-versions" },
];
