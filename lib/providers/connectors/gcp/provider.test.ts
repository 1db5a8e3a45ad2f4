import { describe, expect, it } from "vitest";
import type { Connection, HostIdentity } from "../contract";
import { connectorSuite } from "../contract.suite";
import { later } from "../fixture.sample";
import { EMAIL, FOREIGN_PEM, keyOf, startGoogle, TARGET } from "./google.sample";
import { GCP } from "./provider";

const service: Connection = { method: "service-account", values: { service_account_json: keyOf() } };
const of = (method: string, values: Connection["values"]): Connection => ({ method, values: { project_id: "shop", ...values } });
const user = (refresh_token = "a-refresh-token") =>
  of("user-account", { user_account_json: JSON.stringify({ type: "authorized_user", client_id: "c", client_secret: "a-client-secret", refresh_token }) });
const workload = (credential_source: object, more = {}) =>
  of("external-account", {
    external_account_json: JSON.stringify({
      type: "external_account",
      audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/x",
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      token_url: "https://sts.googleapis.com/v1/token",
      credential_source,
      ...more,
    }),
  });
const OUTSIDE = { url: "https://outside.example/token", headers: { "X-Ask": "me" }, format: { type: "json", subject_token_field_name: "value" } };
const wanted = (resourceType: string, resourceId: string | null = null, lifetime: number | null = null) => ({
  resourceType,
  resourceId,
  lifetime,
  session: "run-1",
});
const { call } = await startGoogle();

const RESOURCES = [
  { resourceType: "gcp-generic", resourceId: "shop", spellings: [] },
  { resourceType: "gcs-bucket", resourceId: "gs://art", spellings: ["art", "gs://art/"] },
  {
    resourceType: "kubernetes-cluster",
    resourceId: "train",
    spellings: ["gke_shop_europe-west3_train", "projects/shop/locations/europe-west3/clusters/train"],
  },
  {
    resourceType: "docker-registry",
    resourceId: "europe-west3-docker.pkg.dev/shop/ml",
    spellings: ["https://europe-west3-docker.pkg.dev/shop/ml/", "europe-west3-docker.pkg.dev/shop/ml/image"],
  },
];
for (const resource of RESOURCES.slice(1))
  connectorSuite(`Google Cloud for ${resource.resourceType}, not run against the real service`, () => ({
    provider: GCP,
    connection: { ...service, values: { project_id: "shop", ...service.values } },
    refused: { ...service, values: { service_account_json: keyOf(FOREIGN_PEM) } },
    call: () => call,
    resource,
    missing: { resourceType: "gcs-bucket", resourceId: "gs://missing" },
    longest: 3_600,
  }));
for (const connection of [user(), workload(OUTSIDE), of("impersonation", { service_account_json: keyOf(), target_principal: TARGET })])
  connectorSuite(`Google Cloud by ${connection.method}, not run against the real service`, () => ({
    provider: GCP,
    connection,
    call: () => call,
    resource: RESOURCES[1] as (typeof RESOURCES)[1],
    longest: 3_600,
  }));

describe("Google Cloud, not run against the real service", () => {
  it("narrows a token to the bucket by a credential access boundary", async () => {
    const issued = await GCP.issue(service, wanted("gcs-bucket", "gs://art"), call);
    expect(issued).toMatchObject({ method: "oauth2-token", values: { token: "of-account@art", project_id: "shop" }, reach: "resource", actsAs: EMAIL });
    expect(issued.expiresAt).toEqual(later(3_599)); // the narrowed one says no end: it ends with the token that it is made of
    expect(await GCP.issue(service, wanted("gcs-bucket"), call)).toMatchObject({ values: { token: "of-account" }, reach: "as-main-key" });
  });

  it("gives out clusters and registries as what their clients know", async () => {
    expect(await GCP.issue(service, wanted("kubernetes-cluster", "train"), call)).toMatchObject({
      type: "kubernetes",
      values: { server: "https://203.0.113.7", cluster_name: "train", certificate_authority: "Q0E=", token: "of-account", insecure: false },
    });
    await expect(GCP.issue(service, wanted("kubernetes-cluster", "twice"), call)).rejects.toMatchObject({ reason: "misconfigured" });
    const registry = "europe-west3-docker.pkg.dev/shop/ml";
    expect(await GCP.issue(service, wanted("docker-registry", registry), call)).toMatchObject({
      type: "docker",
      values: { username: "oauth2accesstoken", password: "of-account", registry },
    });
    expect(await GCP.list(service, "docker-registry", call)).toEqual(["gcr.io/shop", registry]);
  });

  it("acts as another account for an hour at most", async () => {
    const main = of("impersonation", { service_account_json: keyOf(), target_principal: TARGET });
    const issued = await GCP.issue(main, wanted("gcp-generic", null, 86_400), call);
    expect(issued).toMatchObject({ values: { token: "of-target-by-of-account" }, actsAs: TARGET, expiresAt: later(3_600) });
    expect((await GCP.issue(main, wanted("gcp-generic", null, 600), call)).expiresAt).toEqual(later(600));
    const other = of("impersonation", { service_account_json: keyOf(), target_principal: "boss@shop.iam.gserviceaccount.com" });
    await expect(GCP.verify(other, null, call)).rejects.toMatchObject({ reason: "refused", code: "PERMISSION-DENIED" });
    const trick = of("impersonation", { service_account_json: keyOf(), target_principal: "a/../../x@y" });
    await expect(GCP.verify(trick, null, call)).rejects.toMatchObject({ reason: "misconfigured" });
  });

  it("changes an outside token, and acts as an account by it where the file says so", async () => {
    expect(await GCP.issue(workload(OUTSIDE), wanted("gcp-generic"), call)).toMatchObject({ values: { token: "of-workload" } });
    const url = `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${TARGET}:generateAccessToken`;
    const issued = await GCP.issue(workload(OUTSIDE, { service_account_impersonation_url: url }), wanted("gcp-generic"), call);
    expect(issued).toMatchObject({ values: { token: "of-target-by-of-workload" }, actsAs: TARGET });
  });

  it("never reads this machine's files or runs its programs for somebody's workload identity", async () => {
    const host: HostIdentity = { variable: () => undefined, file: async () => "outside" };
    const own = await startGoogle(host);
    for (const source of [{ file: "/etc/passwd" }, { executable: { command: "id" } }, { environment_id: "aws1" }])
      await expect(GCP.verify(workload(source), null, own.call)).rejects.toMatchObject({ reason: "unsupported" });
  });

  it("is implicit only where the operator switched it on, with the operator's key file", async () => {
    await expect(GCP.verify(of("implicit", {}), null, call)).rejects.toMatchObject({ reason: "misconfigured" });
    const files: Record<string, string> = {
      "/key.json": JSON.stringify({ ...JSON.parse(String(workload({ file: "/token" }).values.external_account_json)) }),
      "/token": "outside",
    };
    const host: HostIdentity = { variable: (name) => (name === "GOOGLE_APPLICATION_CREDENTIALS" ? "/key.json" : undefined), file: async (path) => files[path] };
    const own = await startGoogle(host);
    expect(await GCP.issue(of("implicit", {}), wanted("gcp-generic"), own.call)).toMatchObject({ values: { token: "of-workload" } });
  });

  it("gives out the key file only where short tokens are switched off, and says so", async () => {
    const long = { ...service, values: { ...service.values, generate_temporary_tokens: false } };
    expect(GCP.issuesShortLived(long, wanted("gcs-bucket", "gs://art"))).toBe(false);
    expect(GCP.issuesShortLived(long, wanted("docker-registry", "gcr.io/shop"))).toBe(true);
    expect(await GCP.issue(long, wanted("gcp-generic"), call)).toMatchObject({
      method: "service-account",
      expiresAt: null,
      secretFields: ["service_account_json"],
    });
  });

  it("takes a token that somebody gave while Google takes it, and narrows it for buckets", async () => {
    const given = of("oauth2-token", { token: "given" });
    await GCP.verify(given, null, call);
    await expect(GCP.verify(of("oauth2-token", { token: "stale" }), null, call)).rejects.toMatchObject({ reason: "refused" });
    expect(GCP.issuesShortLived(given, wanted("gcp-generic"))).toBe(false);
    expect(GCP.issuesShortLived(given, wanted("gcs-bucket", "gs://art"))).toBe(true);
    expect(await GCP.issue(given, wanted("gcs-bucket", "gs://art"), call)).toMatchObject({ values: { token: "given@art" } });
  });

  it("says which part of a key file can't be used, and none of its text", async () => {
    for (const text of ["no json", "{}", keyOf("CANARY-KEY")]) {
      const error = await GCP.verify({ method: "service-account", values: { service_account_json: text } }, null, call).catch((caught: Error) => caught);
      expect(error).toMatchObject({ reason: "misconfigured" });
      expect(String(error)).not.toContain("CANARY");
    }
    await expect(GCP.verify(user("stale"), null, call)).rejects.toMatchObject({ reason: "refused", code: "invalid-grant" });
  });
});
