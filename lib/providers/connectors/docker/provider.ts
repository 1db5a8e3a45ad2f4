import { type Call, type Connection, type ConnectorProvider, type Issue, type Issued, ProviderError } from "../contract";
import { apiOf, type Named, nameOf, readAddress } from "./address";
import { ask, fetchToken, type Login, tryLogin } from "./token";

// A container registry with a name and a password. What Docker logs in with is the password itself; for one repository the registry's own
// token can be had, where the registry has tokens.

const textOf = (value: unknown): string | null => (typeof value === "string" && value ? value : null);

function registryOf({ values }: Connection): Named {
  const named = readAddress(textOf(values.registry));
  if (!named) throw new ProviderError("misconfigured", "The registry is no address of one.");
  return { ...named, repository: null };
}

function loginOf({ values }: Connection): Login {
  const [username, password] = [textOf(values.username), textOf(values.password)];
  if (!username || !password) throw new ProviderError("misconfigured", "The name or the password is missing.");
  return { username, password };
}

/** The repository that an id names; null for the registry itself. */
const repositoryOf = (id: string | null): string | null => (id === null ? null : (readAddress(id)?.repository ?? null));

const plain = (connection: Connection): Issued => ({
  type: "docker",
  method: "password",
  values: { ...loginOf(connection), registry: nameOf(registryOf(connection)) },
  secretFields: ["username", "password"],
  expiresAt: null,
  reach: "as-main-key",
  actsAs: textOf(connection.values.username),
  peerRequestId: null,
});

async function repositoryToken(connection: Connection, repository: string, call: Call): Promise<Issued> {
  const registry = registryOf(connection);
  const challenge = await ask(apiOf(registry), call);
  if (challenge?.scheme !== "bearer") throw new ProviderError("unsupported", "This registry gives no tokens for single repositories.");
  const { token, expiresAt } = await fetchToken(loginOf(connection), challenge.values, `repository:${repository}:pull,push`, call);
  return {
    type: "docker",
    method: "bearer",
    values: { token, registry: registry.registry, repository },
    secretFields: ["token"],
    expiresAt,
    reach: "resource",
    actsAs: textOf(connection.values.username),
    peerRequestId: null,
  };
}

/** Who gives tokens may grant less than was asked without a word: only the registry says. One that is not there yet is opened by its first push. */
async function tryRepository(connection: Connection, repository: string, call: Call): Promise<void> {
  const { values } = await repositoryToken(connection, repository, call);
  const answer = await call.send(`${apiOf(registryOf(connection))}/v2/${repository}/tags/list`, { headers: { authorization: `Bearer ${values.token}` } });
  if (answer.status === 401 || answer.status === 403)
    throw new ProviderError("refused", `The registry opens ${repository} to nobody of this name and password.`);
}

export const DOCKER: ConnectorProvider = {
  type: "docker",
  canonicalId: (connection, _resourceType, id) => {
    const [asked, own] = [readAddress(id), readAddress(textOf(connection.values.registry))];
    return asked && own && asked.registry === own.registry ? nameOf(asked) : null;
  },
  issuesShortLived: (_connection, { resourceId }) => repositoryOf(resourceId) !== null,
  verify: (connection, target, call) => {
    const repository = repositoryOf(target?.resourceId ?? null);
    return repository ? tryRepository(connection, repository, call) : tryLogin(apiOf(registryOf(connection)), loginOf(connection), call);
  },
  list: async (connection) => [nameOf(registryOf(connection))],
  issue: async (connection: Connection, { resourceId }: Issue, call: Call) => {
    const repository = repositoryOf(resourceId);
    return repository ? repositoryToken(connection, repository, call) : plain(connection);
  },
};
