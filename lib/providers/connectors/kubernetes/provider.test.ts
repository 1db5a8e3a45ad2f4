import { describe, expect, it } from "vitest";
import type { Connection } from "../contract";
import { connectorSuite } from "../contract.suite";
import { type Asked, fixture, later, type Said } from "../fixture.sample";
import { KUBERNETES } from "./provider";

const PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n";
const jwt = (claims: object) => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.c2ln`;
const SERVICE_TOKEN = jwt({ sub: "system:serviceaccount:ml:runner" });
const connection = (values: Connection["values"], method = "token"): Connection => ({
  method,
  values: { server: "https://cluster.example:6443/", cluster_name: "prod", ...values },
});
const service = connection({ token: SERVICE_TOKEN, certificate_authority: Buffer.from(PEM).toString("base64") });
const wanted = (resourceId: string | null, lifetime: number | null = null) => ({
  resourceType: "kubernetes-cluster",
  resourceId,
  lifetime,
  session: "run-1",
});

function cluster(asked: Asked): Said | undefined {
  const { pathname } = asked.url;
  if ((!asked.headers.authorization && !asked.request.client) || asked.headers.authorization === "Bearer a-wrong-token")
    return { status: 401, json: { kind: "Status", reason: "Unauthorized", code: 401 } };
  if (pathname.endsWith("/selfsubjectreviews")) return { status: 201, json: { status: { userInfo: { username: "system:serviceaccount:ml:runner" } } } };
  if (pathname.endsWith("/selfsubjectaccessreviews")) {
    const { namespace } = (asked.json().spec as { resourceAttributes: { namespace: string } }).resourceAttributes;
    return { status: 201, json: { status: { allowed: namespace === "ml" } } };
  }
  if (pathname.startsWith("/api/v1/namespaces/bound/secrets"))
    return asked.request.method === "DELETE" ? { json: {} } : { status: 201, json: { metadata: { name: "reeve-credential-x", uid: "u-1" } } };
  const [, namespace, name] = /^\/api\/v1\/namespaces\/([^/]+)\/serviceaccounts\/([^/]+)\/token$/.exec(pathname) ?? [];
  if (!namespace) return undefined;
  if (namespace === "other") return { status: 403, json: { kind: "Status", reason: "Forbidden", message: `token ${SERVICE_TOKEN} may not` } };
  if (name === "gone") return { status: 404, json: { kind: "Status", reason: "NotFound" } };
  return { status: 201, json: { status: { token: "short", expirationTimestamp: later(3_600).toISOString() } }, headers: { "audit-id": "a-1" } };
}

const { call } = await fixture(cluster);
connectorSuite("Kubernetes, a service account's token, not run against the real service here", () => ({
  provider: KUBERNETES,
  connection: connection({ token: SERVICE_TOKEN }),
  refused: connection({ token: "a-wrong-token" }),
  call: () => call,
  resource: { resourceType: "kubernetes-cluster", resourceId: "prod", spellings: [] },
  missing: wanted("prod/other/train"),
  longest: 3_600,
}));

describe("Kubernetes, not run against the real service here (e2e/peers/kubernetes.test.ts is)", () => {
  it("knows one spelling of the cluster and of its service accounts", () => {
    const id = (text: string) => KUBERNETES.canonicalId(service, "kubernetes-cluster", text);
    expect(id("prod")).toBe("prod");
    expect(id("prod/ml/runner")).toBe("prod/ml/runner");
    for (const other of ["other", "prod/", "prod/ml", "prod/ml/a/b", "prod/ML/runner", "prod/../runner", "other/ml/runner"]) expect(id(other)).toBeNull();
  });

  it("changes a service account's key for a short token of the same account", async () => {
    const { call, asked } = await fixture(cluster);
    const issued = await KUBERNETES.issue(service, wanted("prod", 60), call);
    expect(issued).toMatchObject({
      type: "kubernetes",
      method: "token",
      values: { server: "https://cluster.example:6443/", cluster_name: "prod", token: "short", insecure: false },
      expiresAt: later(3_600),
      reach: "as-main-key",
      actsAs: "system:serviceaccount:ml:runner",
      peerRequestId: "a-1",
    });
    expect(JSON.stringify(issued)).not.toContain(SERVICE_TOKEN);
    expect(asked[1]?.json()).toMatchObject({ spec: { expirationSeconds: 600 } }); // clusters give no shorter ones
    expect(asked[0]?.request).toMatchObject({ ca: PEM });
  });

  it("narrows to a service account that is named, with any main key", async () => {
    const { call } = await fixture(cluster);
    for (const main of [service, connection({ client_certificate: PEM, client_key: PEM }), connection({ username: "u", password: "p" }, "password")]) {
      expect(KUBERNETES.issuesShortLived(main, wanted("prod/ml/train"))).toBe(true);
      const issued = await KUBERNETES.issue(main, wanted("prod/ml/train"), call);
      expect(issued).toMatchObject({ reach: "resource", actsAs: "system:serviceaccount:ml:train", values: { token: "short" } });
    }
  });

  it("binds a token to an empty Secret where it may make one, and ends it with that", async () => {
    const { call, asked } = await fixture(cluster);
    const { ending } = await KUBERNETES.issue(service, wanted("prod/bound/runner"), call);
    expect(asked[1]?.json()).toMatchObject({ spec: { boundObjectRef: { kind: "Secret", name: "reeve-credential-x", uid: "u-1" } } });
    expect(ending).toEqual({ names: { namespace: "bound", secret: "reeve-credential-x", uid: "u-1" } });
    await KUBERNETES.revoke?.(service, ending ?? { names: {} }, later(0), call);
    expect(asked[2]?.json()).toMatchObject({ preconditions: { uid: "u-1" } });
    expect(asked[2]?.request.method).toBe("DELETE");
    expect((await KUBERNETES.issue(service, wanted("prod/ml/runner"), call)).ending, "it may not make one").toBeUndefined();
  });

  it("says that a certificate, a password and a token of no service account leave as they are", async () => {
    const { call, asked } = await fixture(cluster);
    for (const main of [
      connection({ client_certificate: PEM, client_key: PEM }),
      connection({ token: "opaque" }),
      connection({ username: "u", password: "p" }, "password"),
    ]) {
      expect(KUBERNETES.issuesShortLived(main, wanted("prod"))).toBe(false);
      expect(await KUBERNETES.issue(main, wanted("prod"), call)).toMatchObject({ method: main.method, values: main.values, expiresAt: null });
    }
    expect(asked).toHaveLength(0);
  });

  it("verifies with a review of itself, and of a named account whether tokens of it may be made", async () => {
    const { call } = await fixture(cluster);
    await KUBERNETES.verify(service, null, call);
    await KUBERNETES.verify(connection({ client_certificate: PEM, client_key: PEM }), null, call);
    await KUBERNETES.verify(service, wanted("prod/ml/train"), call);
    await expect(KUBERNETES.verify(service, wanted("prod/other/train"), call)).rejects.toMatchObject({
      reason: "refused",
      message: expect.stringContaining("other"),
    });
    await expect(KUBERNETES.verify(connection({}), null, call)).rejects.toMatchObject({ reason: "misconfigured" });
    await expect(KUBERNETES.verify(connection({ client_certificate: PEM }), null, call)).rejects.toMatchObject({ reason: "refused", code: "Unauthorized" });
    expect(await KUBERNETES.list(service, "kubernetes-cluster", call)).toEqual(["prod"]);
  });

  it("takes nobody for no key that is accepted", async () => {
    const { call } = await fixture(() => ({ status: 201, json: { status: { userInfo: { username: "system:anonymous" } } } }));
    await expect(KUBERNETES.verify(service, null, call)).rejects.toMatchObject({ reason: "refused" });
  });

  it("SEC-4 says what was refused without what the cluster quoted", async () => {
    const { call } = await fixture(cluster);
    const error = await KUBERNETES.issue(service, wanted("prod/other/train"), call).catch((caught: Error) => caught);
    expect(error).toMatchObject({ reason: "refused", code: "Forbidden" });
    expect(JSON.stringify([String(error), error])).not.toContain(SERVICE_TOKEN);
    await expect(KUBERNETES.issue(service, wanted("prod/ml/gone"), call)).rejects.toMatchObject({ reason: "not-found" });
  });

  it("checks the certificate unless the connector says not to, and refuses what is no certificate", async () => {
    const { call, asked } = await fixture(cluster);
    await KUBERNETES.verify(service, null, call);
    await KUBERNETES.verify(connection({ token: "t", insecure: true }), null, call);
    expect(asked.map(({ request }) => request.isInsecure ?? false)).toEqual([false, true]);
    await expect(KUBERNETES.verify(connection({ token: "t", certificate_authority: "garbage" }), null, call)).rejects.toMatchObject({
      reason: "misconfigured",
    });
  });
});
