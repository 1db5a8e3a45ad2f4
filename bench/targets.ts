import "server-only";
import { artifactVersionPath, filterOf, listPath, modelPath, modelVersionPath, pipelinePath, projectPath, runPath, stepPath } from "@/components/project/paths";
import type { Call } from "./load";
import { PROJECT, type Things, type VersionThing, WORKSPACE } from "./things";

// What is measured. A page is one row here: its name and its path; a call of the wire is one row: its name, its calls and how fast they
// shall be. `n` counts the times asked, so that a row can go through many things instead of the same one.

export type PageRow = { name: string; path: (things: Things, n: number) => string };
/** `reach`: the p95 in ms that is to be reached with one client and with sixteen. */
export type WireRow = { name: string; calls: (things: Things, n: number) => Call[]; reach: Record<number, number> };

const project = projectPath(WORKSPACE, PROJECT);
const wire = (path: string): Call => ({ path: `/${WORKSPACE}/api/v1${path}` });
const one = <T>(all: readonly T[], n: number): T => all[n % all.length] as T;
const versionOf = (thing: VersionThing, path: (project: string, name: string, version: string) => string) => path(project, thing.name, thing.version);

export const PAGES: PageRow[] = [
  { name: "home", path: () => "/" },
  { name: "runs", path: () => listPath(project, "runs") },
  { name: "run", path: (things, n) => runPath(project, one(things.runs, n).id) },
  { name: "run, steps", path: (things, n) => runPath(project, one(things.runs, n).id, { tab: "steps" }) },
  { name: "run, a step beside it", path: (things, n) => runPath(project, one(things.runs, n).id, { tab: "steps", step: "train" }) },
  { name: "steps", path: () => listPath(project, "steps") },
  { name: "step", path: (things, n) => stepPath(project, one(things.runs, n).stepId) },
  { name: "pipelines", path: () => listPath(project, "pipelines") },
  { name: "pipeline", path: (things, n) => pipelinePath(project, one(things.pipelines, n)) },
  { name: "artifacts", path: () => listPath(project, "artifacts") },
  { name: "artifact versions", path: () => listPath(project, "artifact-versions") },
  { name: "artifact version", path: (things, n) => versionOf(one(things.versions, n), artifactVersionPath) },
  { name: "models", path: () => listPath(project, "models") },
  { name: "model", path: (things, n) => modelPath(project, one(things.models, n)) },
  { name: "model versions", path: () => listPath(project, "model-versions") },
  { name: "model version", path: (things, n) => versionOf(one(things.modelVersions, n), modelVersionPath) },
  { name: "runs by a metric", path: () => listPath(project, "runs", filterOf("meta.rows", "gt", "900")) },
  { name: "stacks", path: () => `/${WORKSPACE}/stacks` },
  { name: "stack", path: (things) => `/${WORKSPACE}/stacks/${things.stackId}` },
  { name: "components", path: () => `/${WORKSPACE}/components` },
  { name: "flavors", path: () => `/${WORKSPACE}/flavors` },
  { name: "people", path: () => `/${WORKSPACE}/access` },
  { name: "audit", path: () => `/${WORKSPACE}/audit` },
  { name: "audit of the organization", path: () => "/audit" },
];

export const WIRE: WireRow[] = [
  { name: "runs?size=20", calls: ({ projectId }) => [wire(`/runs?project=${projectId}&size=20`)], reach: { 1: 15, 16: 150 } },
  {
    name: "a run, its DAG and its steps",
    calls: ({ runs }, n) => {
      const { id } = one(runs, n);
      return [wire(`/runs/${id}?hydrate=True`), wire(`/runs/${id}/dag`), wire(`/runs/${id}/steps`)];
    },
    reach: { 1: 40, 16: 400 },
  },
  {
    name: "artifact versions by name",
    calls: ({ projectId, artifacts }, n) => [wire(`/artifact_versions?project=${projectId}&artifact=${one(artifacts, n)}&size=20`)],
    reach: { 1: 20, 16: 200 },
  },
  {
    name: "login with an API key",
    calls: ({ key }) => [
      {
        ...wire("/login"),
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ grant_type: "zenml-api-key", password: key }).toString(),
      },
    ],
    reach: { 1: 5 },
  },
  {
    name: "a secret's value, by its run",
    calls: ({ secret }) => [{ ...wire(`/secrets/${secret.id}`), headers: { authorization: `Bearer ${secret.token}` } }],
    reach: { 1: 5 },
  },
];
