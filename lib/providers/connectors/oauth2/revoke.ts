import { type Call, type Connection, type Ending, ProviderError } from "../contract";
import { accepted, jsonOf, needed, textOf } from "../reading";
import { clientForm } from "./token";

// Token revocation (RFC 7009), where the service's own description names an endpoint for it (RFC 8414, OpenID Connect Discovery). The client's
// secret goes to the token endpoint's origin and nowhere else, whatever a description says.

const PLACES = [".well-known/oauth-authorization-server", ".well-known/openid-configuration"];

/** Where an issuer with a path has its description: the path after the well-known part, or before it (RFC 8414 §5). */
function descriptions(tokenUrl: URL): string[] {
  const { origin } = tokenUrl;
  const parts = tokenUrl.pathname.split("/").filter(Boolean).slice(0, -1);
  const paths = [...parts.map((_, index) => parts.slice(0, index + 1).join("/")).reverse(), ""];
  return paths.flatMap((path) => PLACES.flatMap((place) => (path ? [`${origin}/${place}/${path}`, `${origin}/${path}/${place}`] : [`${origin}/${place}`])));
}

const MOST_DESCRIPTIONS = 10;

/** Null where the service describes itself nowhere, or has no such endpoint at the token endpoint's own origin. */
export async function revocationEndpoint(connection: Connection, call: Call): Promise<string | null> {
  const tokenUrl = new URL(needed(connection, "token_url", "The token endpoint's address"));
  for (const url of descriptions(tokenUrl).slice(0, MOST_DESCRIPTIONS)) {
    try {
      const answer = await call.send(url, { headers: { accept: "application/json" } });
      if (answer.status !== 200) continue;
      const said = jsonOf(answer, "The service");
      if (said.token_endpoint !== tokenUrl.href && said.token_endpoint !== connection.values.token_url) continue;
      const endpoint = textOf(said.revocation_endpoint);
      return endpoint && new URL(endpoint).origin === tokenUrl.origin ? endpoint : null;
    } catch {
      // it describes itself elsewhere, or nowhere
    }
  }
  return null;
}

/** A token that the service does not know any more is a success there (RFC 7009 §2.2). Error: ProviderError. */
export async function revokeToken(connection: Connection, { names, token = "" }: Ending, call: Call): Promise<void> {
  const tokenUrl = new URL(needed(connection, "token_url", "The token endpoint's address"));
  const endpoint = names.endpoint ?? "";
  if (new URL(endpoint).origin !== tokenUrl.origin)
    throw new ProviderError("misconfigured", "The token was issued by another service than the connector names now.");
  const answer = await call.send(endpoint, clientForm(connection, { token, token_type_hint: "access_token" }));
  accepted(answer, "The revocation endpoint", "The revocation endpoint refused the client.");
}
