import net, { type AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { guardedCall } from "../../../outgoing/guarded-call";
import { type Call, type Connection, ProviderError } from "../contract";
import { connectorSuite } from "../contract.suite";
import { dsa, ECDSA, ED25519, LOCKED_ED25519, rsa } from "./keys.sample";
import { HYPERAI } from "./provider";

let port: number;
const server = net.createServer((socket) => socket.end("SSH-2.0-OpenSSH_9.2p1\r\n"));
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => void server.close());

/** Instances answer on this machine; "gone" does not. */
const call = (): Call => {
  const guarded = guardedCall(["127.0.0.0/8"]);
  return {
    ...guarded,
    greeting: (host) =>
      host === "gone" ? Promise.reject(new ProviderError("unreachable", "The other side can't be reached.")) : guarded.greeting("127.0.0.1", port),
  };
};
const of = (method: string, base64_ssh_key: string, ssh_passphrase: string | null = null): Connection => ({
  method,
  values: { base64_ssh_key, ssh_passphrase, hostnames: ["Gpu-1.example", "10.0.0.5"], username: "zenml" },
});

connectorSuite("HyperAI, not run against the real service", () => ({
  provider: HYPERAI,
  connection: of("ed25519-key", ED25519),
  call,
  resource: { resourceType: "hyperai-instance", resourceId: "gpu-1.example", spellings: ["GPU-1.example "] },
  missing: undefined,
  longest: null,
}));

describe("HyperAI, not run against the real service", () => {
  it("reads each kind of key, with its passphrase where it has one", async () => {
    for (const connection of [
      of("ed25519-key", ED25519),
      of("ed25519-key", LOCKED_ED25519, "a passphrase"),
      of("ecdsa-key", ECDSA),
      of("rsa-key", rsa()),
      of("rsa-key", rsa("a passphrase"), "a passphrase"),
      of("dsa-key", dsa()),
    ])
      await HYPERAI.verify(connection, null, call());
  });

  it("says what is wrong with a key, and nothing of it", async () => {
    const whole = Buffer.from(ED25519, "base64").toString();
    const cut = Buffer.from(whole.replace(/\n.{40}/, "\n")).toString("base64");
    for (const connection of [
      of("rsa-key", ED25519),
      of("ed25519-key", LOCKED_ED25519),
      of("rsa-key", rsa("a passphrase")),
      of("rsa-key", rsa("a passphrase"), "CANARY-wrong"),
      of("ed25519-key", cut),
      of("ed25519-key", Buffer.from("CANARY no key").toString("base64")),
    ]) {
      const error = await HYPERAI.verify(connection, null, call()).catch((caught: Error) => caught);
      expect(error).toMatchObject({ reason: "misconfigured" });
      expect(String(error)).not.toMatch(/CANARY/);
    }
  });

  it("names the instance that doesn't answer, or not as a server of SSH", async () => {
    const gone = { ...of("ed25519-key", ED25519), values: { ...of("", ED25519).values, hostnames: ["gpu-1.example", "gone"] } };
    await expect(HYPERAI.verify(gone, null, call())).rejects.toMatchObject({ reason: "unreachable", message: expect.stringContaining("gone") });
    await HYPERAI.verify(gone, { resourceType: "hyperai-instance", resourceId: "gpu-1.example" }, call());
    const web: Call = { ...call(), greeting: async () => "HTTP/1.1 400 Bad Request" };
    await expect(HYPERAI.verify(gone, null, web)).rejects.toMatchObject({ reason: "unreadable-answer" });
  });

  it("gives out the key itself, for the instance that was asked, and never says that it is short-lived", async () => {
    const connection = of("ed25519-key", ED25519);
    const target = { resourceType: "hyperai-instance", resourceId: "10.0.0.5" };
    expect(HYPERAI.issuesShortLived(connection, target)).toBe(false);
    const issued = await HYPERAI.issue(connection, { ...target, lifetime: 60, session: "run-1" }, call());
    expect(issued).toMatchObject({
      method: "ed25519-key",
      values: { hostnames: ["10.0.0.5"] },
      expiresAt: null,
      secretFields: ["base64_ssh_key", "ssh_passphrase"],
    });
  });
});
