import pg from "pg";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { formatApiKey, mintKeySecret } from "@/lib/identity/api-key";
import { newId } from "@/lib/kernel/id";
import { systemContext } from "@/lib/kernel/request";
import { lastSeq } from "@/lib/kernel/test-rows";
import { ENDPOINTS } from "./endpoints";
import { matchEndpoint } from "./match";
import operations from "./operations.json";
import { type Account, call, login, makeAccount, makeWireWorkspaces } from "./test-wire";

// What the door refuses, and how: in the form that the client turns into the right exception.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const SLUG = "fraud-detection";
let admin: Account;

beforeAll(async () => {
  const { organizationId, workspaces } = await makeWireWorkspaces([SLUG]);
  admin = await makeAccount(organizationId, workspaces[SLUG] as string, SLUG, "workspace-admin");
});

const ANSWERED = new Set([
  "GET /info",
  "GET /version",
  "POST /login",
  "PUT /activate",
  "PUT /users/{user_name_or_id}/activate",
  "POST /device_authorization",
  "GET /logout",
  "GET /artifact_versions/{artifact_version_id}/data",
]);
const sample = (path: string) => path.replace(/\{\w+\}/g, "00000000-0000-4000-8000-000000000000");

describe("an operation that Reeve doesn't have yet", () => {
  const missing = operations
    .map(([method, path]) => ({ method: method as string, path: path as string }))
    .filter(({ method, path }) => !ANSWERED.has(`${method} ${path}`) && !matchEndpoint(ENDPOINTS, method, sample(path)));

  it.each(missing)("$method $path answers 501 with words for the person", async ({ method, path }) => {
    const seq = await lastSeq(db.ownerUrl);
    const answer = await call(admin.token, SLUG, method, sample(path), method === "GET" ? undefined : {});
    expect(answer.status).toBe(501);
    expect(answer.body).toEqual({ detail: ["NotImplementedError", expect.stringMatching(/^Reeve does not answer .+ yet\. \(request [0-9a-f-]{36}\)$/)] });
    expect(await lastSeq(db.ownerUrl)).toBe(seq);
  });

  it("leaves no operation unanswered", () => {
    expect(missing.length + ENDPOINTS.length + ANSWERED.size).toBeGreaterThanOrEqual(operations.length);
  });
});

it.each([
  ["GET", "/nothing"],
  ["DELETE", "/current-user"],
  ["PATCH", "/runs"],
  ["GET", "/runs/"],
])("%s %s, which no server has, is 404", async (method, path) => {
  expect(await call(admin.token, SLUG, method, path)).toMatchObject({ status: 404, body: { detail: "Not Found" } });
});

it("an id that is none is 422 with the bare list that the client expects", async () => {
  expect(await call(admin.token, SLUG, "GET", "/runs/not-an-id")).toMatchObject({ status: 422, body: ["ValueError", expect.stringContaining("run_id")] });
});

it("a body that isn't JSON is 422", async () => {
  expect(await call(admin.token, SLUG, "POST", "/pipelines", "{")).toMatchObject({ status: 422, body: ["ValueError", "The body is not valid JSON."] });
});

it("an unknown workspace is 404 before any credential is looked at", async () => {
  expect((await call(undefined, "elsewhere", "GET", "/info")).status).toBe(404);
  expect((await call(admin.token, "elsewhere", "GET", "/runs")).status).toBe(404);
});

describe("credentials", () => {
  it("none at all is a 401 that makes the client log in, and no entry", async () => {
    const seq = await lastSeq(db.ownerUrl);
    const answer = await call(undefined, SLUG, "GET", "/current-user");
    expect(answer).toMatchObject({ status: 401, body: { detail: ["CredentialsNotValid", "Not authenticated"] } });
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    expect(await lastSeq(db.ownerUrl)).toBe(seq);
  });

  it.each(["rvl_AAAA.AAAA", "ZENKEY_nonsense", "x"])("the bearer %s is 401", async (token) => {
    expect(await call(token, SLUG, "GET", "/current-user")).toMatchObject({ status: 401, body: { detail: ["CredentialsNotValid", expect.any(String)] } });
  });

  it.each(["Basic YTpi", "Digest x", "bearer"])("the scheme %s is refused", async (authorization) => {
    expect([400, 401]).toContain((await call(undefined, SLUG, "GET", "/current-user", undefined, { authorization })).status);
  });

  it("a key in the URL is refused, even a right one", async () => {
    const answer = await call(admin.token, SLUG, "GET", `/runs?name=${encodeURIComponent(admin.key)}`);
    expect(answer.status).toBe(400);
    expect(answer.text).not.toContain(admin.key);
  });

  it("cookies are not read", async () => {
    expect(
      (await call(undefined, SLUG, "GET", "/current-user", undefined, { cookie: `reeve.session=${admin.token}; zenml-server-x=${admin.token}` })).status,
    ).toBe(401);
  });

  it("a key with a wrong checksum costs no query", async () => {
    const broken = formatApiKey(admin.keyId, `${"0".repeat(63)}1`);
    const { loginWithKey } = await import("@/lib/identity/wire-credential");
    const asked = vi.spyOn(pg.Pool.prototype, "connect").mockRejectedValue(new Error("the database was asked") as never);
    try {
      await expect(loginWithKey(broken, systemContext())).rejects.toMatchObject({ reason: "malformed_key" });
      expect(asked).not.toHaveBeenCalled();
      await expect(loginWithKey(formatApiKey(admin.keyId, mintKeySecret()), systemContext())).rejects.toThrow("the database was asked");
    } finally {
      asked.mockRestore();
    }
  });

  it("an unknown key and a wrong one are told as the recorded server tells them", async () => {
    const unknown = newId();
    expect((await login(formatApiKey(unknown, mintKeySecret()), SLUG)).body).toEqual({
      detail: ["CredentialsNotValid", `Authentication error: error retrieving API key ${unknown}`],
    });
    expect((await login(formatApiKey(admin.keyId, mintKeySecret()), SLUG)).body).toEqual({
      detail: ["CredentialsNotValid", "Authentication error: could not verify key value for API key default"],
    });
    expect((await login("ZENKEY_x", SLUG)).body).toEqual({ detail: ["CredentialsNotValid", "Authentication error: error decoding API key"] });
  });
});
