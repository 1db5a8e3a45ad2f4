// Where the pages of a project are. Names stand in a path as encodeURIComponent writes them; pages read them with decodeSegment.
// Everything below a project takes the project's own path, so that a component needs to know one place only.

type Query = Record<string, string | undefined>;

/** "/fraud-detection/projects/default". */
export const projectPath = (workspace: string, project: string): string => `/${workspace}/projects/${encodeURIComponent(project)}`;

const LISTS = ["runs", "steps", "artifacts", "artifact-versions", "pipelines", "models", "model-versions"] as const;
export type ProjectList = (typeof LISTS)[number];

/** A list of the project; `filters` as the URL writes them: "status~is~failed". */
export const listPath = (project: string, list: ProjectList, ...filters: string[]): string =>
  `${project}/${list}${filters.length > 0 ? `?${filters.map((filter) => `f=${encodeURIComponent(filter)}`).join("&")}` : ""}`;

/** A filter for `listPath`: values with commas stay one value. */
export const filterOf = (field: string, operator: string, ...values: string[]): string =>
  [field, operator, ...(values.length > 0 ? [values.map((value) => value.replaceAll(",", "\\,")).join(",")] : [])].join("~");

/** A run; `tab`, `step` (name, with ~<try> from the second on) and `artifact` (version id) say what is open. */
export const runPath = (project: string, run: string, open: { tab?: string; step?: string; artifact?: string } = {}): string =>
  `${project}/runs/${run}${query(open)}`;

/** A step's own page, by the id of its run. */
export const stepPath = (project: string, stepRun: string): string => `${project}/steps/${stepRun}`;

export const artifactPath = (project: string, name: string, open: Query = {}): string => `${project}/artifacts/${encodeURIComponent(name)}${query(open)}`;

export const artifactVersionPath = (project: string, name: string, version: string, open: Query = {}): string =>
  `${project}/artifacts/${encodeURIComponent(name)}/${encodeURIComponent(version)}${query(open)}`;

export const pipelinePath = (project: string, name: string, open: Query = {}): string => `${project}/pipelines/${encodeURIComponent(name)}${query(open)}`;

export const modelPath = (project: string, name: string, open: Query = {}): string => `${project}/models/${encodeURIComponent(name)}${query(open)}`;

export const modelVersionPath = (project: string, name: string, version: string, open: Query = {}): string =>
  `${project}/models/${encodeURIComponent(name)}/${encodeURIComponent(version)}${query(open)}`;

function query(open: Query): string {
  const parts = Object.entries(open).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`]));
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}
