import { listPath } from "@/components/project/paths";
import type { TabLink } from "@/components/ui/tabs";

/** Models and all their versions: two lists of one page. */
export const modelTabs = (base: string, current: "models" | "model-versions"): TabLink[] => [
  { href: listPath(base, "models"), label: "Models", isCurrent: current === "models" },
  { href: listPath(base, "model-versions"), label: "Versions", isCurrent: current === "model-versions" },
];
