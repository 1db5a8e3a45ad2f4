import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callOf } from "../../lib/connectors/outgoing-call";
import type { Connection } from "../../lib/providers/connectors/contract";
import { connectorSuite } from "../../lib/providers/connectors/contract.suite";
import { DOCKER } from "../../lib/providers/connectors/docker/provider";
import { startDockerRegistry } from "./docker-registry";

// The docker connector before a real registry with token authentication: what is issued for a repository pushes to it and pulls from it, and
// opens no other. No engine is needed: an image is two blobs and a manifest.

let registry: Awaited<ReturnType<typeof startDockerRegistry>>;
const call = () => callOf(["127.0.0.0/8"]);
const PASSWORD = "a-good-password-of-the-robot";

beforeAll(async () => {
  registry = await startDockerRegistry({ robot: { password: PASSWORD, may: /^ml\// } });
});
afterAll(() => registry?.stop());

const connection = (password = PASSWORD): Connection => ({
  method: "password",
  values: { username: "robot", password, registry: `http://${registry.host}` },
});
const target = (repository: string | null) => ({
  resourceType: "docker-registry",
  resourceId: repository ? `${registry.host}/${repository}` : registry.host,
});
const tokenFor = async (repository: string) => {
  const issued = await DOCKER.issue(connection(), { ...target(repository), lifetime: null, session: "suite@reeve" }, call());
  return { issued, token: String(issued.values.token) };
};
const digest = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

async function pushBlob(repository: string, token: string, text: string): Promise<number> {
  const begun = await registry.ask("POST", `${repository}/blobs/uploads/`, token);
  if (begun.status !== 202) return begun.status;
  const where = new URL(begun.headers.get("location") ?? "", `http://${registry.host}`);
  where.searchParams.set("digest", digest(text));
  return (await registry.ask("PUT", where.href, token, { body: text, type: "application/octet-stream" })).status;
}

/** Pushes the smallest image there is, and gives the status of the last call. */
async function push(repository: string, tag: string, token: string): Promise<number> {
  const [config, layer] = ["{}", "a layer"];
  for (const text of [config, layer]) {
    const status = await pushBlob(repository, token, text);
    if (status !== 201) return status;
  }
  const part = (mediaType: string, text: string) => ({ mediaType, digest: digest(text), size: text.length });
  const type = "application/vnd.oci.image.manifest.v1+json";
  const manifest = {
    schemaVersion: 2,
    mediaType: type,
    config: part("application/vnd.oci.image.config.v1+json", config),
    layers: [part("application/vnd.oci.image.layer.v1.tar", layer)],
  };
  return (await registry.ask("PUT", `${repository}/manifests/${tag}`, token, { body: JSON.stringify(manifest), type })).status;
}
const pull = async (repository: string, tag: string, token: string | null) => (await registry.ask("GET", `${repository}/manifests/${tag}`, token)).status;

connectorSuite("Docker, for a real registry", () => ({
  provider: DOCKER,
  connection: connection(),
  refused: connection("a-wrong-password"),
  call,
  resource: { ...target(null), spellings: [`http://${registry.host}`, `${registry.host}/v2/`] },
  longest: null,
}));

describe("what is issued for one repository of a real registry", () => {
  it("pushes to it and pulls from it, without the password, and ends", async () => {
    const { issued, token } = await tokenFor("ml/train");
    expect(issued).toMatchObject({ method: "bearer", reach: "resource", actsAs: "robot", values: { repository: "ml/train" } });
    expect(JSON.stringify(issued)).not.toContain(PASSWORD);
    expect(Math.round(((issued.expiresAt?.getTime() ?? 0) - Date.now()) / 10_000)).toBe(30);
    expect(await push("ml/train", "1", token)).toBe(201);
    expect(await pull("ml/train", "1", token)).toBe(200);
    expect(await pull("ml/train", "1", null)).toBe(401);
    expect(await pull("ml/train", "1", `${token.slice(0, -4)}aaaa`)).toBe(401);
  });

  it("SEC-9 is refused on its neighbour, which the same password opens", async () => {
    const [{ token }, neighbour] = [await tokenFor("ml/train"), await tokenFor("ml/serve")];
    expect(await push("ml/serve", "1", neighbour.token)).toBe(201);
    expect(await push("ml/serve", "2", token)).toBe(401);
    expect(await pull("ml/serve", "1", token)).toBe(401);
  });

  it("is said to open nothing where the registry grants less than was asked, before anybody uses it", async () => {
    expect(await pull("secret/app", "1", (await tokenFor("secret/app")).token)).toBe(401);
    await DOCKER.verify(connection(), target("ml/train"), call());
    await DOCKER.verify(connection(), target("ml/not-there-yet"), call());
    await expect(DOCKER.verify(connection(), target("secret/app"), call())).rejects.toMatchObject({
      reason: "refused",
      message: expect.stringContaining("secret/app"),
    });
    await expect(DOCKER.verify(connection("wrong"), target("ml/train"), call())).rejects.toMatchObject({
      reason: "refused",
      message: expect.not.stringContaining("quote"),
    });
  });
});
