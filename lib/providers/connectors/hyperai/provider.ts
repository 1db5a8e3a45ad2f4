import { type Call, type Connection, type ConnectorProvider, type Issued, ProviderError } from "../contract";
import { needed, textOf } from "../reading";
import { type Kind, kindOf } from "./ssh-key";

// HyperAI: instances that are reached over SSH. What leaves is the private key itself; nothing here speaks SSH, so verifying reads the key and hears
// whether a server of SSH answers, and does not sign in.

const SSH_PORT = 22;
const WORDS: Record<Kind, string> = { rsa: "RSA", dsa: "DSA", ecdsa: "ECDSA", ed25519: "Ed25519" };

function instances({ values }: Connection): string[] {
  const named = Array.isArray(values.hostnames) ? values.hostnames : (textOf(values.hostnames)?.split(/[\s,]+/) ?? []);
  const found = named.map((name: string) => name.trim().toLowerCase()).filter((name: string) => /^[a-z0-9.:-]{1,253}$/.test(name));
  if (found.length === 0) throw new ProviderError("misconfigured", "No instance is named.");
  return found;
}

function requireKey(connection: Connection): void {
  const kind = kindOf(needed(connection, "base64_ssh_key", "The private key"), textOf(connection.values.ssh_passphrase));
  if (connection.method !== `${kind}-key`)
    throw new ProviderError("misconfigured", `The private key is of the kind ${WORDS[kind]}: choose the method of that kind.`);
  needed(connection, "username", "The user name");
}

async function hear(instance: string, call: Call): Promise<void> {
  const said = await call.greeting(instance, SSH_PORT).catch((error) => {
    throw error instanceof ProviderError ? new ProviderError(error.reason, `${instance}: ${error.message}`) : error;
  });
  if (!/^SSH-(2\.0|1\.99)-/.test(said)) throw new ProviderError("unreadable-answer", `${instance} answers, and not as a server of SSH.`);
}

export const HYPERAI: ConnectorProvider = {
  type: "hyperai",
  canonicalId: (connection, _resourceType, id) => {
    const name = id.trim().toLowerCase();
    return instances(connection).includes(name) ? name : null;
  },
  issuesShortLived: () => false,
  verify: async (connection, target, call) => {
    requireKey(connection);
    await Promise.all((target?.resourceId ? [target.resourceId] : instances(connection)).map((instance) => hear(instance, call)));
  },
  list: async (connection) => {
    requireKey(connection);
    return [...new Set(instances(connection))].slice(0, 1_000);
  },
  issue: async (connection, { resourceId }): Promise<Issued> => {
    requireKey(connection);
    return {
      type: "hyperai",
      method: connection.method,
      values: { ...connection.values, hostnames: resourceId ? [resourceId] : instances(connection) },
      secretFields: ["base64_ssh_key", ...("ssh_passphrase" in connection.values ? ["ssh_passphrase"] : [])],
      expiresAt: null,
      reach: "as-main-key",
      actsAs: textOf(connection.values.username),
      peerRequestId: null,
    };
  },
};
