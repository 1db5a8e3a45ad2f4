import { describe, expect, it } from "vitest";
import type { Endpoint } from "./endpoint";
import { matchEndpoint, matchOperation } from "./match";

const row = (method: Endpoint["method"], path: string): Endpoint => ({ method, path, permission: "run:read", audit: "none: a test", handle: async () => null });
const TABLE = [
  row("GET", "/runs"),
  row("GET", "/runs/latest"),
  row("GET", "/runs/{run_id}"),
  row("PUT", "/runs/{run_id}"),
  row("GET", "/runs/{run_id}/steps/{name}"),
];
const match = (method: string, path: string) => {
  const found = matchEndpoint(TABLE, method, path);
  return found && [`${found.endpoint.method} ${found.endpoint.path}`, found.path];
};

describe("the table", () => {
  it.each([
    ["GET", "/runs", ["GET /runs", {}]],
    ["GET", "/runs/7", ["GET /runs/{run_id}", { run_id: "7" }]],
    ["PUT", "/runs/7", ["PUT /runs/{run_id}", { run_id: "7" }]],
    ["GET", "/runs/latest", ["GET /runs/latest", {}]],
    ["GET", "/runs/7/steps/load%20data", ["GET /runs/{run_id}/steps/{name}", { run_id: "7", name: "load data" }]],
  ])("%s %s", (method, path, expected) => {
    expect(match(method, path)).toEqual(expected);
  });

  it("keeps %2F inside its segment", () => {
    expect(match("GET", "/runs/7/steps/a%2Fb")).toEqual(["GET /runs/{run_id}/steps/{name}", { run_id: "7", name: "a/b" }]);
    expect(match("GET", "/runs/7%2Fsteps%2Fa")).toEqual(["GET /runs/{run_id}", { run_id: "7/steps/a" }]);
    expect(match("GET", "/runs/..%2F..%2Fadmin")).toEqual(["GET /runs/{run_id}", { run_id: "../../admin" }]);
  });

  it.each([
    ["POST", "/runs"],
    ["get", "/runs"],
    ["GET", "/runs/"],
    ["GET", "/runs//steps/x"],
    ["GET", "/runs/7/steps"],
    ["GET", "/runs/7/steps/x/y"],
    ["GET", "/runs/%"],
    ["GET", "/runs/%ff"],
    ["GET", "/%72uns"],
    ["GET", ""],
    ["GET", "/"],
    ["GET", "//runs"],
  ])("has nothing for %s %s", (method, path) => {
    expect(match(method, path)).toBeUndefined();
  });
});

describe("the recorded operations", () => {
  it("knows what the client may call", () => {
    expect(matchOperation("POST", "/pipeline_snapshots")).toBe("/pipeline_snapshots");
    expect(matchOperation("GET", "/secrets/7")).toBe("/secrets/{secret_id}");
  });

  it.each([
    ["GET", "/nothing"],
    ["BREW", "/runs"],
    ["DELETE", "/current-user"],
    ["GET", "/secrets/7/8/9"],
  ])("knows no %s %s", (method, path) => {
    expect(matchOperation(method, path)).toBeUndefined();
  });
});
