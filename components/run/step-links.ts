// Where the parts of a step lead: on a run's page to its panel, on a step's own page to other pages.

export type StepLinks = {
  step: (name: string, version: number | null) => string;
  artifact: (artifact: { artifact: string; version: string; artifactVersionId: string }) => string;
  run: (runId: string) => string;
  pane: (pane: "code" | "config" | "environment") => string;
};
