import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { storeSuite } from "@/lib/artifacts/store-contract.suite";
import { guardedCall } from "@/lib/outgoing/guarded-call";
import { AWS } from "@/lib/providers/connectors/aws/provider";
import type { Connection } from "@/lib/providers/connectors/contract";
import { connectorSuite } from "@/lib/providers/connectors/contract.suite";
import { s3StoreCase } from "../s3-store";
import { ROOT_KEYS, startMinio } from "./minio";

// The AWS connector's role method against MinIO's STS and S3: that a session policy holds can't be asked of moto.

let minio: Awaited<ReturnType<typeof startMinio>>;
const call = guardedCall(["127.0.0.0/8"]);
const BUCKET = { resourceType: "s3-bucket", resourceId: "s3://art-a" };
const connection = (values: Connection["values"] = {}): Connection => ({
  method: "iam-role",
  values: { ...ROOT_KEYS, region: "us-east-1", role_arn: "arn:aws:iam::000000000000:role/artifacts", endpoint_url: minio.url, ...values },
});
const issue = (lifetime: number | null = null, resourceId: string | null = BUCKET.resourceId) =>
  AWS.issue(connection(), { ...BUCKET, resourceId, lifetime, session: "run-1" }, call);

beforeAll(async () => {
  minio = await startMinio();
  for (const bucket of ["art-a", "art-b"]) {
    expect(await minio.ask(ROOT_KEYS, "PUT", `/${bucket}`)).toBe(200);
    expect(await minio.ask(ROOT_KEYS, "PUT", `/${bucket}/there.txt`, "there")).toBe(200);
  }
});
afterAll(() => minio?.stop());

connectorSuite("AWS by role, for a bucket of MinIO; not run against AWS itself", () => ({
  provider: AWS,
  connection: connection(),
  refused: connection({ aws_secret_access_key: "a-wrong-secret-key" }),
  call: () => call,
  resource: { ...BUCKET, spellings: ["art-a", "arn:aws:s3:::art-a"] },
  missing: { ...BUCKET, resourceId: "s3://missing" },
  longest: 3_600,
}));

// The same reader that shows files of S3 stores, with what the role gives out for this bucket alone.
storeSuite("S3 by a role's session, before MinIO; not run against AWS itself", async () => {
  const { values } = await AWS.issue(connection(), { resourceType: "s3-bucket", resourceId: "s3://art-store", lifetime: null, session: "run-1" }, call);
  return s3StoreCase(
    async () => ({ ...values, endpoint_url: minio.url }),
    (method, to, body) => minio.ask(ROOT_KEYS, method, to, body && new Uint8Array(body)),
  );
});

describe("AWS by role, against MinIO; not run against AWS itself", () => {
  it("a session for one bucket reads nothing of its neighbour through the reader either", async () => {
    const { values } = await issue();
    const reader = (bucket: string) => AWS.objects?.(async () => ({ values }), bucket, call);
    expect(await reader("s3://art-a")?.facts("there.txt")).toMatchObject({ size: 5 });
    await expect(reader("s3://art-b")?.facts("there.txt")).rejects.toMatchObject({ reason: "refused" });
    await expect(reader("s3://art-b")?.list("", null)).rejects.toMatchObject({ reason: "refused", code: "AccessDenied" });
  });

  it("SEC-9 issues keys that read and write their bucket and are refused on its neighbour", async () => {
    const { values, reach } = await issue();
    expect(reach).toBe("resource");
    expect(await minio.ask(values, "GET", "/art-a/there.txt")).toBe(200);
    expect(await minio.ask(values, "PUT", "/art-a/made.txt", "made")).toBe(200);
    expect(await minio.ask(values, "GET", "/art-a?list-type=2")).toBe(200);
    expect(await minio.ask(values, "DELETE", "/art-a/made.txt")).toBe(204);
    expect(await minio.ask(values, "GET", "/art-b/there.txt")).toBe(403);
    expect(await minio.ask(values, "PUT", "/art-b/made.txt", "made")).toBe(403);
    expect(await minio.ask(values, "GET", "/art-b?list-type=2")).toBe(403);
    expect(await minio.ask(values, "DELETE", "/art-a")).toBe(403);
  });

  it("keys of a session are none without its token", async () => {
    const { values } = await issue();
    expect(await minio.ask({ ...values, aws_session_token: null }, "GET", "/art-a/there.txt")).toBe(403);
  });

  it("with a policy of the connector's own it never reaches more: MinIO heeds no NotResource, and refuses everything then", async () => {
    const policy = JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::*" }] });
    const { values } = await AWS.issue(connection({ policy }), { ...BUCKET, lifetime: null, session: "run-1" }, call);
    for (const path of ["/art-a/there.txt", "/art-b/there.txt"]) expect(await minio.ask(values, "GET", path)).toBe(403);
    const wide = await AWS.issue(connection({ policy }), { resourceType: "aws-generic", resourceId: null, lifetime: null, session: "run-1" }, call);
    expect(await minio.ask(wide.values, "GET", "/art-b/there.txt")).toBe(200);
    expect(await minio.ask(wide.values, "PUT", "/art-b/made.txt", "made")).toBe(403);
  });

  it("gives no session of less than fifteen minutes", async () => {
    await expect(issue(600)).rejects.toMatchObject({ name: "ProviderError" });
  });

  it("ends after its fifteen minutes", { timeout: 1_200_000 }, async () => {
    const { values, expiresAt } = await issue(900);
    const left = (expiresAt?.getTime() ?? 0) - Date.now();
    expect(left).toBeGreaterThan(880_000);
    expect(left).toBeLessThanOrEqual(901_000);
    expect(await minio.ask(values, "GET", "/art-a/there.txt")).toBe(200);
    await sleep(left + 2_000);
    expect(await minio.ask(values, "GET", "/art-a/there.txt")).toBe(403);
  });
});
