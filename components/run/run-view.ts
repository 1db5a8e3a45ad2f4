// What of a run's page is open, and its address: the tab, the step or artifact in the panel and its part, and what the tabs are narrowed by.

export const RUN_TABS = ["graph", "timeline", "steps", "logs", "snapshot", "metadata", "credentials", "audit"] as const;
export type RunTab = (typeof RUN_TABS)[number];

export const STEP_PANES = ["overview", "logs", "code", "config", "environment", "metadata"] as const;
export type StepPane = (typeof STEP_PANES)[number];

export type RunView = {
  /** Null: the page chooses. */
  tab: RunTab | null;
  step: { name: string; version: number | null } | null;
  artifact: string | null;
  pane: StepPane;
  /** Text that the steps or the metadata are narrowed by. */
  find: string;
  /** A state of the latest try. */
  status: string | null;
  /** The group of steps that is unfolded. */
  group: string | null;
  from: number;
};

type SearchParams = Record<string, string | string[] | undefined>;

/** Reads the address; what is not known is left out. */
export function readRunView(params: SearchParams): RunView {
  const text = (key: string) => (typeof params[key] === "string" ? params[key].slice(0, 255) : "");
  const step = text("step");
  const [, name = step, version] = /^(.*)~(\d{1,6})$/s.exec(step) ?? [];
  const from = Number(text("from"));
  const tab = RUN_TABS.find((known) => known === params.tab) ?? null;
  return {
    tab,
    step: name ? { name, version: version ? Number(version) : null } : null,
    artifact: name ? null : text("artifact") || null,
    pane: STEP_PANES.find((known) => known === params.pane) ?? "overview",
    find: text("find"),
    status: text("status") || null,
    group: text("group") || null,
    from: tab === "steps" && Number.isSafeInteger(from) && from > 0 ? from : 0,
  };
}

/** The address of a view below the run's own path. */
export function runViewHref(path: string, view: Partial<RunView>): string {
  const query = new URLSearchParams();
  if (view.tab) query.set("tab", view.tab);
  if (view.find) query.set("find", view.find);
  if (view.status) query.set("status", view.status);
  if (view.group) query.set("group", view.group);
  if (view.from) query.set("from", String(view.from));
  if (view.step) query.set("step", view.step.version === null ? view.step.name : `${view.step.name}~${view.step.version}`);
  else if (view.artifact) query.set("artifact", view.artifact);
  if (view.step && view.pane && view.pane !== "overview") query.set("pane", view.pane);
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}
