import type { RunView } from "@/components/run/run-view";
import type { CallContext, Workspace } from "@/lib/kernel/command";
import type { SearchParams } from "@/lib/kernel/page";

/** The run that a page shows, and what of it is open. */
export type RunPlace = {
  context: CallContext & { workspace: Workspace };
  projectId: string;
  projectName: string;
  runId: string;
  /** Paths of the workspace, the project and the run. */
  base: string;
  home: string;
  path: string;
  view: RunView;
  searchParams: SearchParams;
};
