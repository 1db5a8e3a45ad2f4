import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Connection, HostIdentity } from "../contract";
import { connectorSuite } from "../contract.suite";
import { later } from "../fixture.sample";
import { DELEGATION_KEY, SECRET, startAzure } from "./azure.sample";
import { AZURE } from "./provider";

const PLACES = { subscription_id: "s1", tenant_id: "t1", storage_account: "account1" };
const principal: Connection = { method: "service-principal", values: { client_id: "app", client_secret: SECRET, ...PLACES } };
const refused: Connection = { ...principal, values: { ...principal.values, client_secret: "a-wrong-secret" } };
const given = (token = "of-manager"): Connection => ({ method: "access-token", values: { token, ...PLACES } });
const wanted = (resourceType: string, resourceId: string | null = null, lifetime: number | null = null) => ({
  resourceType,
  resourceId,
  lifetime,
  session: "run-1",
});
const { call, asked } = await startAzure();

const CASES = [
  { resourceType: "azure-generic", resourceId: "s1", spellings: [], longest: 3_600 },
  {
    resourceType: "blob-container",
    resourceId: "az://art",
    spellings: ["art", "abfs://art", "https://account1.blob.core.windows.net/art", "abfss://art@account1.dfs.core.windows.net"],
    longest: 3_600,
  },
  {
    resourceType: "kubernetes-cluster",
    resourceId: "ml/train",
    spellings: ["ML/Train", "/subscriptions/s1/resourceGroups/ML/providers/Microsoft.ContainerService/managedClusters/Train"],
    longest: 3_600,
  },
  { resourceType: "docker-registry", resourceId: "shop1.azurecr.io", spellings: ["shop1", "https://Shop1.azurecr.io/"], longest: 10_800 },
];
for (const { longest, ...resource } of CASES)
  connectorSuite(`Azure for ${resource.resourceType}, not run against the real service`, () => ({
    provider: AZURE,
    connection: principal,
    refused,
    call: () => call,
    resource,
    missing: { resourceType: "kubernetes-cluster", resourceId: "ml/missing" },
    longest,
  }));

describe("Azure, not run against the real service", () => {
  it("narrows to a container by a signature of Azure's key for the identity", async () => {
    const issued = await AZURE.issue(principal, wanted("blob-container", "az://art", 900), call);
    expect(issued).toMatchObject({ method: "sas-token", reach: "resource", actsAs: "app", peerRequestId: "r-1", expiresAt: later(900) });
    expect(issued.values).toMatchObject({ account_url: "https://account1.blob.core.windows.net", container: "art" });
    const fields = Object.fromEntries(new URLSearchParams(String(issued.values.sas_token)));
    expect(fields).toMatchObject({ sr: "c", sp: "racwdl", spr: "https", skoid: "oid", sktid: "tid", sks: "b" });
    const { st, se, skt, ske, skv } = fields as Record<string, string>;
    const text = `racwdl\n${st}\n${se}\n/blob/account1/art\noid\ntid\n${skt}\n${ske}\nb\n${skv}\n\n\n\n\nhttps\n2023-11-03\nc\n\n\n\n\n\n\n`;
    expect(fields.sig).toBe(createHmac("sha256", Buffer.from(DELEGATION_KEY, "base64")).update(text).digest("base64"));
    const long = await AZURE.issue(principal, wanted("blob-container", "az://art", 30 * 86_400), call);
    expect(long.expiresAt?.getTime()).toBeLessThanOrEqual(later(7 * 86_400).getTime());
  });

  it("gives clusters a token of theirs, and refuses those whose key would live for years", async () => {
    expect(await AZURE.issue(principal, wanted("kubernetes-cluster", "ml/train"), call)).toMatchObject({
      type: "kubernetes",
      values: { server: "https://c.hcp.example:443", cluster_name: "train", certificate_authority: "Q0E=", token: "of-clusters" },
    });
    await expect(AZURE.issue(principal, wanted("kubernetes-cluster", "ml/old"), call)).rejects.toMatchObject({ reason: "unsupported" });
    const inGroup = { ...principal, values: { ...principal.values, resource_group: "ML" } };
    expect(AZURE.canonicalId(inGroup, "kubernetes-cluster", "train")).toBe("ml/train");
    expect(AZURE.canonicalId(inGroup, "kubernetes-cluster", "other/train")).toBeNull();
  });

  it("gives registries what Docker logs in with, and for a repository a token for it alone", async () => {
    expect(await AZURE.issue(principal, wanted("docker-registry", "shop1.azurecr.io"), call)).toMatchObject({
      type: "docker",
      method: "password",
      values: { username: "00000000-0000-0000-0000-000000000000", registry: "shop1.azurecr.io" },
      expiresAt: later(10_800),
    });
    expect(AZURE.canonicalId(principal, "docker-registry", "shop1.azurecr.io/team/app")).toBe("shop1.azurecr.io/team/app");
    const issued = await AZURE.issue(principal, wanted("docker-registry", "shop1.azurecr.io/team/app"), call);
    expect(issued).toMatchObject({ method: "bearer", reach: "resource", values: { repository: "team/app" }, expiresAt: later(4_500) });
  });

  it("takes no other page than the resource manager's own", async () => {
    expect(await AZURE.list(principal, "kubernetes-cluster", call)).toEqual(["ml/train", "ml/old"]);
    expect(asked.some(({ url }) => url.host === "elsewhere.example")).toBe(false);
  });

  it("takes a token that somebody gave, for what it was made for", async () => {
    await AZURE.verify(given(), null, call);
    await expect(AZURE.verify(given("stale"), null, call)).rejects.toMatchObject({ reason: "refused", code: "InvalidAuthenticationToken" });
    expect(AZURE.issuesShortLived(given(), wanted("azure-generic"))).toBe(false);
    expect(await AZURE.issue(given(), wanted("azure-generic"), call)).toMatchObject({ method: "access-token", values: { token: "of-manager" } });
    await expect(AZURE.issue(given(), wanted("blob-container", "az://art"), call)).rejects.toMatchObject({ reason: "unsupported" });
  });

  it("is implicit only where the operator switched it on, by a secret or a federated token", async () => {
    const implicit: Connection = { method: "implicit", values: PLACES };
    await expect(AZURE.verify(implicit, null, call)).rejects.toMatchObject({ reason: "misconfigured" });
    const variables: Record<string, string> = { AZURE_TENANT_ID: "t1", AZURE_CLIENT_ID: "app", AZURE_FEDERATED_TOKEN_FILE: "/token" };
    const host: HostIdentity = { variable: (name) => variables[name], file: async (path) => (path === "/token" ? "a-federated-token\n" : undefined) };
    const own = await startAzure(host);
    expect(await AZURE.issue(implicit, wanted("azure-generic"), own.call)).toMatchObject({ values: { token: "of-manager" }, actsAs: "app" });
  });

  it("SEC-4 names Entra's code and not what Entra quoted", async () => {
    const error = await AZURE.verify(refused, null, call).catch((caught: Error) => caught);
    expect(error).toMatchObject({ reason: "refused", code: "AADSTS7000215" });
    expect(JSON.stringify([String(error), error])).not.toContain("a-wrong-secret");
    const other = { ...principal, values: { ...principal.values, storage_account: undefined } } as unknown as Connection;
    await expect(AZURE.list(other, "blob-container", call)).rejects.toMatchObject({ reason: "misconfigured" });
    const trick = { ...principal, values: { ...principal.values, tenant_id: "t1/../x" } };
    await expect(AZURE.verify(trick, null, call)).rejects.toMatchObject({ reason: "misconfigured" });
  });
});
