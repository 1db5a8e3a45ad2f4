import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardedCall } from "@/lib/outgoing/guarded-call";
import type { Connection } from "@/lib/providers/connectors/contract";
import { KUBERNETES } from "@/lib/providers/connectors/kubernetes/provider";
import { startCluster } from "./kubernetes";

// The Kubernetes connector against a real kube-apiserver.

let cluster: Awaited<ReturnType<typeof startCluster>>;
let main: string;
const call = guardedCall(["127.0.0.0/8"]);

beforeAll(async () => {
  cluster = await startCluster();
  for (const namespace of ["ml", "other"]) {
    await cluster.namespace(namespace);
    for (const account of ["reeve", "runner"]) await cluster.account(namespace, account);
  }
  await cluster.allow("ml", "runner", "work", { resources: ["configmaps"], verbs: ["list", "create"] });
  await cluster.allow("ml", "reeve", "reeve-tokens", { resources: ["serviceaccounts/token"], resourceNames: ["runner"], verbs: ["create"] });
  main = await cluster.tokenOf("ml", "reeve");
});
afterAll(() => cluster?.stop());

const connection = (values: Connection["values"]): Connection => ({
  method: "token",
  values: { server: cluster.url, cluster_name: "prod", certificate_authority: Buffer.from(cluster.authority).toString("base64"), ...values },
});
const wanted = (resourceId: string, lifetime: number | null = null) => ({ resourceType: "kubernetes-cluster", resourceId, lifetime, session: "run-1" });
const listIn = (namespace: string, token: string) =>
  cluster.ask("GET", `/api/v1/namespaces/${namespace}/configmaps`, undefined, { token }).then(({ status }) => status);

describe("Kubernetes, against a real API server", () => {
  it("knows whom it speaks for, by token and by client certificate", async () => {
    await KUBERNETES.verify(connection({ token: main }), null, call);
    await KUBERNETES.verify(connection({ client_certificate: cluster.ada.certificate, client_key: cluster.ada.key }), null, call);
    await expect(KUBERNETES.verify(connection({ token: "garbage" }), null, call)).rejects.toMatchObject({ reason: "refused", code: "Unauthorized" });
    const nobody = connection({ client_certificate: cluster.authority, client_key: cluster.ada.key });
    await expect(KUBERNETES.verify(nobody, null, call)).rejects.toMatchObject({ name: "ProviderError" });
  });

  it("checks the cluster's certificate, unless the connector says not to", async () => {
    await expect(KUBERNETES.verify(connection({ token: main, certificate_authority: null }), null, call)).rejects.toMatchObject({ reason: "unreachable" });
    await KUBERNETES.verify(connection({ token: main, certificate_authority: null, insecure: true }), null, call);
  });

  it("SEC-9 issues a token that works in its namespace and is refused elsewhere", async () => {
    const issued = await KUBERNETES.issue(connection({ token: main }), wanted("prod/ml/runner"), call);
    const token = String(issued.values.token);
    expect(issued).toMatchObject({ reach: "resource", actsAs: "system:serviceaccount:ml:runner", peerRequestId: expect.stringMatching(/^[\w-]+$/) });
    expect(await listIn("ml", token)).toBe(200);
    expect(await listIn("other", token)).toBe(403);
    expect((await cluster.ask("GET", "/api/v1/namespaces/ml/secrets", undefined, { token })).status).toBe(403);
    expect((await cluster.ask("POST", "/api/v1/namespaces/ml/configmaps", { metadata: { name: "made" } }, { token })).status).toBe(201);
    expect(await listIn("ml", `${token}x`)).toBe(401);
    const claims = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ sub: "system:serviceaccount:ml:runner", exp: Math.floor((issued.expiresAt?.getTime() ?? 0) / 1_000) });
    expect(claims.exp - claims.iat).toBe(3_600);
  });

  it("ends a token before its time with the Secret that it is bound to, where the main key may make one", async () => {
    const unbound = await KUBERNETES.issue(connection({ token: main }), wanted("prod/ml/runner"), call);
    expect(unbound.ending).toBeUndefined();
    await cluster.allow("ml", "reeve", "reeve-endings", { resources: ["secrets"], verbs: ["create", "delete"] });
    const bound = () => KUBERNETES.issue(connection({ token: main }), wanted("prod/ml/runner"), call);
    await expect.poll(async () => (await bound()).ending, { timeout: 10_000 }).toBeDefined();
    const [ended, other] = [await bound(), await bound()];
    expect(await listIn("ml", String(ended.values.token))).toBe(200);
    await KUBERNETES.revoke?.(connection({ token: main }), ended.ending ?? { names: {} }, new Date(), call);
    // The server remembers for some seconds that it has seen a token.
    await expect.poll(() => listIn("ml", String(ended.values.token)), { timeout: 60_000, interval: 1_000 }).toBe(401);
    expect(await listIn("ml", String(other.values.token)), "others live on").toBe(200);
    await KUBERNETES.revoke?.(connection({ token: main }), ended.ending ?? { names: {} }, new Date(), call); // gone already
  });

  it("gives no shorter life than the cluster's ten minutes, and says which it is", async () => {
    const issued = await KUBERNETES.issue(connection({ token: main }), wanted("prod/ml/runner", 60), call);
    const seconds = ((issued.expiresAt?.getTime() ?? 0) - Date.now()) / 1_000;
    expect(seconds).toBeGreaterThan(590);
    expect(seconds).toBeLessThanOrEqual(601);
  });

  it("says before it is used that tokens of an account may not be made", async () => {
    const target = wanted("prod/other/runner");
    await KUBERNETES.verify(connection({ token: main }), wanted("prod/ml/runner"), call);
    await expect(KUBERNETES.verify(connection({ token: main }), target, call)).rejects.toMatchObject({ reason: "refused" });
    await expect(KUBERNETES.issue(connection({ token: main }), target, call)).rejects.toMatchObject({ reason: "refused", code: "Forbidden" });
    const admin = connection({ client_certificate: cluster.administrator.certificate, client_key: cluster.administrator.key });
    await expect(KUBERNETES.issue(admin, wanted("prod/ml/nobody"), call)).rejects.toMatchObject({ reason: "not-found" });
  });

  it("changes a service account's key for a short token of its own, once its role lets it", async () => {
    await expect(KUBERNETES.issue(connection({ token: main }), wanted("prod"), call)).rejects.toMatchObject({ reason: "refused" });
    await cluster.allow("ml", "reeve", "reeve-own-tokens", { resources: ["serviceaccounts/token"], resourceNames: ["reeve"], verbs: ["create"] });
    await expect
      .poll(() => KUBERNETES.issue(connection({ token: main }), wanted("prod"), call).catch(() => null), { timeout: 10_000 })
      .toMatchObject({
        actsAs: "system:serviceaccount:ml:reeve",
        reach: "as-main-key",
      });
  });
});
