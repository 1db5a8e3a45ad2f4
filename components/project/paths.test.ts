import { expect, it } from "vitest";
import { decodeSegment } from "@/lib/kernel/decode-segment";
import { artifactVersionPath, filterOf, listPath, modelVersionPath, projectPath, runPath } from "./paths";

const project = projectPath("fraud", "my project");

it("writes names so that a page reads them back", () => {
  const path = modelVersionPath(project, "a/b ?#%", "1.0 beta");
  expect(path).toBe("/fraud/projects/my%20project/models/a%2Fb%20%3F%23%25/1.0%20beta");
  expect(path.split("/").slice(-2).map(decodeSegment)).toEqual(["a/b ?#%", "1.0 beta"]);
  expect(artifactVersionPath(project, "x", "2", { tab: "audit", none: undefined })).toBe(`${project}/artifacts/x/2?tab=audit`);
});

it("opens a part of a run, and a list by a filter", () => {
  expect(runPath(project, "id")).toBe(`${project}/runs/id`);
  expect(runPath(project, "id", { tab: "graph", step: "train~2" })).toBe(`${project}/runs/id?tab=graph&step=train~2`);
  expect(listPath(project, "runs")).toBe(`${project}/runs`);
  expect(listPath(project, "runs", filterOf("pipeline", "is", "a,b"), filterOf("model", "missing"))).toBe(
    `${project}/runs?f=${encodeURIComponent("pipeline~is~a\\,b")}&f=model~missing`,
  );
});
