import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { PERMISSIONS } from "@/lib/authz/permissions";
import { ENDPOINTS } from "./endpoints";
import { matchEndpoint } from "./match";
import operations from "./operations.json";

// The shape of the table. That each row does what its audit class says is held by matrix.db.test.ts, that every other operation is
// refused in the right way by refusals.db.test.ts.

const names = ENDPOINTS.map((endpoint) => `${endpoint.method} ${endpoint.path}`);
const shapeOf = (name: string) => name.replace(/\{\w+\}/g, "{}");

/** Answered before the table, without a permission (serve.ts). */
const AT_THE_DOOR = [
  "GET /info",
  "GET /version",
  "POST /login",
  "PUT /activate",
  "PUT /users/{user_name_or_id}/activate",
  "GET /artifact_versions/{artifact_version_id}/data",
];

/** Whoever reads a project may start in it; a device is nobody's until the command has decided who may approve it. */
const ASKED_AS_READ = new Set(["PUT /current-user", "PUT /devices/{device_id}/verify"]);
/** What gives out a file, a secret's values or a credential is a write of the trail, whatever the method says. */
const READS_AUDITED = new Set([
  "GET /artifact_versions/{artifact_version_id}/download-token",
  "GET /secrets/{secret_id}",
  "GET /service_connectors/{connector_id}/client",
]);
/** Asked for with GET, and more than reading. */
const GIVES_MORE = new Set(["GET /api_token", "GET /service_connectors/resources", ...READS_AUDITED]);
/** Polls and heartbeats (ARCHITECTURE §3), and what changes nothing. */
const LEAVES_NOTHING = new Set([
  "PATCH /flavors/sync",
  "PUT /steps/{step_id}/heartbeat",
  "PUT /run_wait_conditions/{wait_condition_id}",
  "POST /service_connectors/verify",
  "POST /service_connectors/full_stack_resources",
]);

describe.each(ENDPOINTS.map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint] as const))("%s", (name, endpoint) => {
  it("is an operation of the recorded server", () => {
    expect(operations.map(([method, path]) => shapeOf(`${method} ${path}`))).toContain(shapeOf(name));
  });

  it("declares a permission that fits its method", () => {
    expect(PERMISSIONS).toContain(endpoint.permission);
    const verb = endpoint.permission.split(":")[1];
    if (endpoint.method === "GET" && !GIVES_MORE.has(name)) expect(verb).toBe("read");
    else if (!ASKED_AS_READ.has(name)) expect(verb).not.toBe("read");
  });

  it("says what it leaves in the trail, or why nothing", () => {
    if (endpoint.method === "GET" && !READS_AUDITED.has(name)) expect(endpoint.audit).toMatch(/^none: .{5,}/);
    else if (LEAVES_NOTHING.has(name)) expect(endpoint.audit).toMatch(/^none: .{5,}/);
    else expect(["entry", "data"]).toContain(endpoint.audit);
  });

  it("is reached by its own path", () => {
    const sample = endpoint.path.replace(/\{\w+\}/g, "00000000-0000-4000-8000-000000000000");
    expect(matchEndpoint(ENDPOINTS, endpoint.method, sample)?.endpoint).toBe(endpoint);
  });
});

it("has each operation once", () => {
  expect(names.filter((name, index) => names.map(shapeOf).indexOf(shapeOf(name)) !== index)).toEqual([]);
});

it("leaves what is answered at the door out of the table", () => {
  expect(names.filter((name) => AT_THE_DOOR.includes(name))).toEqual([]);
});

it("has every call that running a pipeline makes (WIRE §15)", () => {
  const needed = [
    "GET /current-user",
    "GET /projects",
    "GET /projects/{}",
    "GET /stacks",
    "GET /stacks/{}",
    "GET /components",
    "POST /logs",
    "PUT /logs/{}",
    "GET /code_repositories",
    "GET /pipelines",
    "POST /pipelines",
    "POST /pipeline_snapshots",
    "POST /runs",
    "GET /runs/{}",
    "PUT /runs/{}",
    "GET /api_token",
    "GET /steps",
    "POST /steps",
    "GET /steps/{}",
    "PUT /steps/{}",
    "POST /artifact_versions",
    "POST /artifact_versions/batch",
    "POST /model_version_artifacts",
    "POST /run-metadata",
  ];
  expect(needed.filter((name) => !names.map(shapeOf).includes(name))).toEqual([]);
});

it("lists exactly the operations of openapi.json", () => {
  const file = path.join(import.meta.dirname, "openapi.json");
  const { paths } = JSON.parse(fs.readFileSync(file, "utf8")) as { paths: Record<string, Record<string, unknown>> };
  const described = Object.entries(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((method) => ["get", "put", "post", "delete", "patch"].includes(method))
      .map((method) => `${method.toUpperCase()} ${path.replace(/^\/api\/v1/, "")}`),
  );
  expect(operations.map(([method, path]) => `${method} ${path}`).sort()).toEqual(described.sort());
});
