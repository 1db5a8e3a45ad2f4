import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { objectStore } from "@/lib/artifacts/object-store";
import { storeSuite } from "@/lib/artifacts/store-contract.suite";
import { guardedCall } from "@/lib/outgoing/guarded-call";
import { AZURE } from "@/lib/providers/connectors/azure/provider";
import type { Call, Connection } from "@/lib/providers/connectors/contract";
import { ACCOUNT, startAzurite, storageToken } from "./azurite";

// The Azure connector's signatures of containers against Azurite. Entra ID can't be had here: its answer is made.

let azurite: Awaited<ReturnType<typeof startAzurite>>;
const guarded = guardedCall(["127.0.0.0/8"]);
const call: Call = {
  ...guarded,
  send: async (url, request) => {
    if (url.startsWith("https://login.microsoftonline.com/"))
      return { status: 200, headers: {}, body: Buffer.from(JSON.stringify({ access_token: storageToken(), expires_in: 3_599 })) };
    return guarded.send(url.replace(`https://${ACCOUNT}.blob.core.windows.net`, azurite.url), { ...request, isInsecure: true });
  },
};
const connection: Connection = { method: "service-principal", values: { client_id: "app", client_secret: "s", tenant_id: "t1", storage_account: ACCOUNT } };
const target = { resourceType: "blob-container", resourceId: "az://art" };

beforeAll(async () => {
  azurite = await startAzurite();
  for (const name of ["art", "neighbour"]) {
    const { status } = await azurite.ask("PUT", `/${name}?restype=container`, { authorization: `Bearer ${storageToken()}` });
    expect(status).toBe(201);
  }
});
afterAll(() => azurite?.stop());

storeSuite("Azure Blob Storage by a signature, before Azurite; not run against the real service", async () => {
  const put = async (name: string, bytes: Buffer) => {
    const to = `/art/${name.split("/").map(encodeURIComponent).join("/")}`;
    const headers = { authorization: `Bearer ${storageToken()}`, "x-ms-blob-type": "BlockBlob" };
    expect((await azurite.ask("PUT", to, headers, bytes)).status).toBe(201);
  };
  for (const name of ["outside.txt", "prefix-two/x.txt"]) await put(name, Buffer.from("outside"));
  const issued = await AZURE.issue(connection, { ...target, lifetime: null, session: "run-1" }, call);
  const reader = AZURE.objects?.(async () => issued, target.resourceId, call);
  if (!reader) throw new Error("Azure has a reader");
  return {
    store: objectStore({ id: "s", path: "az://art/prefix" }, async () => reader),
    uri: (name) => `az://art/prefix/${name}`,
    write: (name, bytes) => put(`prefix/${name}`, bytes),
    outside: ["az://art/outside.txt", "az://art/prefix-two/x.txt", "az://neighbour/prefix/x.txt"],
  };
});

const put = (container: string, sas: string) => azurite.ask("PUT", `/${container}/a.txt?${sas}`, { "x-ms-blob-type": "BlockBlob" }, "hello");

describe("Azure Blob Storage, against Azurite; not run against the real service", () => {
  it("lists and reaches containers by a token", async () => {
    expect((await AZURE.list(connection, "blob-container", call)).sort()).toEqual(["az://art", "az://neighbour"]);
    await AZURE.verify(connection, target, call);
    await expect(AZURE.verify(connection, { ...target, resourceId: "az://missing" }, call)).rejects.toMatchObject({ reason: "not-found" });
  });

  it("SEC-9 issues a signature that works in its container and is refused in its neighbour", async () => {
    const issued = await AZURE.issue(connection, { ...target, lifetime: null, session: "run-1" }, call);
    const sas = String(issued.values.sas_token);
    expect((await put("art", sas)).status).toBe(201);
    expect(await azurite.ask("GET", `/art/a.txt?${sas}`)).toMatchObject({ status: 200, text: "hello" });
    expect((await azurite.ask("GET", `/art?restype=container&comp=list&${sas}`)).text).toContain("a.txt");
    expect((await put("neighbour", sas)).status).toBe(403);
    expect((await azurite.ask("GET", "/art/a.txt")).status).toBeGreaterThanOrEqual(400);
    expect((await azurite.ask("DELETE", `/art?restype=container&${sas}`)).status).toBe(403);
  });

  it("ends when it says, and can't be stretched", async () => {
    const past: Call = { ...call, now: () => new Date(Date.now() - 3_600_000) };
    const issued = await AZURE.issue(connection, { ...target, lifetime: 900, session: "run-1" }, past);
    expect((await put("art", String(issued.values.sas_token))).status).toBe(403);
    const stretched = new URLSearchParams(String(issued.values.sas_token));
    stretched.set("se", new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, "Z"));
    expect((await put("art", stretched.toString())).status).toBe(403);
  });
});
