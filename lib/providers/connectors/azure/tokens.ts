import { type Call, type Connection, ProviderError } from "../contract";
import { accepted, endOf, form, jsonOf, needed, textOf } from "../reading";

// Tokens of Entra ID for one service at a time (client credentials). A token that somebody gave is for the resource manager alone.

export const RESOURCE_MANAGER = "https://management.azure.com";
export const STORAGE = "https://storage.azure.com";
/** The application that AKS clusters with Entra ID sign in to: the same in every tenant. */
export const AKS = "6dae42f8-4368-4678-94ff-e28af79c8a57";
const ENTRA = "Entra ID";

export interface Token {
  token: string;
  expiresAt: Date | null;
  actsAs: string | null;
}

interface Client {
  tenant: string;
  id: string;
  proof: Record<string, string>;
}

async function hostClient(call: Call): Promise<Client> {
  const { host } = call;
  if (!host) throw new ProviderError("misconfigured", "Implicit methods are switched off on this server.");
  const [tenant, id, secret] = [host.variable("AZURE_TENANT_ID"), host.variable("AZURE_CLIENT_ID"), host.variable("AZURE_CLIENT_SECRET")];
  const file = host.variable("AZURE_FEDERATED_TOKEN_FILE");
  const assertion = secret || !file ? undefined : (await host.file(file))?.trim();
  if (!tenant || !id || !(secret || assertion))
    throw new ProviderError(
      "misconfigured",
      "This server has no Azure identity of its own: AZURE_TENANT_ID, AZURE_CLIENT_ID and a secret or a federated token file.",
    );
  if (secret) return { tenant, id, proof: { client_secret: secret } };
  const client_assertion_type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
  return { tenant, id, proof: { client_assertion_type, client_assertion: assertion as string } };
}

const ownClient = (connection: Connection): Client => ({
  tenant: needed(connection, "tenant_id", "The tenant's id"),
  id: needed(connection, "client_id", "The application's id"),
  proof: { client_secret: needed(connection, "client_secret", "The client secret") },
});

/** Error: ProviderError. */
export async function tokenFor(audience: string, connection: Connection, call: Call): Promise<Token> {
  if (connection.method === "access-token") {
    if (audience !== RESOURCE_MANAGER)
      throw new ProviderError("unsupported", "A token that was given is for Azure's resource manager: it can't be changed for one of this service.");
    return { token: needed(connection, "token", "The token"), expiresAt: null, actsAs: null };
  }
  const { tenant, id, proof } = connection.method === "implicit" ? await hostClient(call) : ownClient(connection);
  if (!/^[A-Za-z0-9.-]{1,255}$/.test(tenant)) throw new ProviderError("misconfigured", "The tenant is no id or domain of one.");
  const fields = { grant_type: "client_credentials", client_id: id, ...proof, scope: `${audience}/.default` };
  const answer = jsonOf(
    accepted(
      await call.send(`https://login.microsoftonline.com/${tenant}/oauth2/v2.0/token`, form(fields)),
      ENTRA,
      "Entra ID refused the application's sign-in.",
    ),
    ENTRA,
  );
  const token = textOf(answer.access_token);
  if (!token) throw new ProviderError("unreadable-answer", "Entra ID's answer has no access token.");
  return { token, expiresAt: endOf(answer, call.now()), actsAs: id };
}
