import { type Call, type Connection, ProviderError } from "../contract";
import { accepted, claimsOf, endOf, form, jsonOf, needed, objectAt, textOf } from "../reading";
import { allManaged } from "./manager";
import { RESOURCE_MANAGER, tokenFor } from "./tokens";

// ACR: `name.azurecr.io`, or `name.azurecr.io/repository`. The registry changes a token of Entra ID for one of its own (three hours), which Docker logs in
// with, and that for one of a repository (75 minutes).

/** Who a token logs in as, at every registry. */
export const USER = "00000000-0000-0000-0000-000000000000";
const LOGIN_SECONDS = 3 * 3_600;

export interface Named {
  registry: string;
  repository: string | null;
}

export function registryOf(id: string): Named | null {
  const bare = id
    .trim()
    .replace(/^https:\/\//, "")
    .replace(/\/+$/, "")
    .toLowerCase();
  const [, name, repository] = /^([a-z0-9]{5,50})(?:\.azurecr\.io)?(?:\/([a-z0-9]+(?:[._/-]+[a-z0-9]+)*))?$/.exec(bare) ?? [];
  return name && (repository === undefined || bare.includes(".azurecr.io/")) ? { registry: `${name}.azurecr.io`, repository: repository ?? null } : null;
}

export const nameOf = ({ registry, repository }: Named): string => (repository ? `${registry}/${repository}` : registry);

export async function listRegistries(connection: Connection, call: Call): Promise<string[]> {
  const token = await tokenFor(RESOURCE_MANAGER, connection, call);
  const found = await allManaged(token, connection, "Microsoft.ContainerRegistry/registries", "2023-07-01", call);
  return found.flatMap((one) => {
    const named = registryOf(textOf(objectAt(one, "properties").loginServer) ?? "");
    return named ? [named.registry] : [];
  });
}

export interface Login {
  token: string;
  expiresAt: Date;
  actsAs: string | null;
}

/** What Docker logs in with. Error: ProviderError. */
export async function login(connection: Connection, { registry }: Named, call: Call): Promise<Login> {
  const { token, actsAs } = await tokenFor(RESOURCE_MANAGER, connection, call);
  const tenant = textOf(connection.values.tenant_id) ?? textOf(claimsOf(token)?.tid) ?? needed(connection, "tenant_id", "The tenant's id");
  const fields = { grant_type: "access_token", service: registry, tenant, access_token: token };
  const refused = `The registry ${registry} takes no such identity: it needs the role AcrPush or AcrPull.`;
  const answer = jsonOf(accepted(await call.send(`https://${registry}/oauth2/exchange`, form(fields)), registry, refused), registry);
  const made = textOf(answer.refresh_token);
  if (!made) throw new ProviderError("unreadable-answer", "The registry's answer has no token.");
  const end = claimsOf(made)?.exp;
  return { token: made, expiresAt: new Date(typeof end === "number" ? end * 1_000 : call.now().getTime() + LOGIN_SECONDS * 1_000), actsAs };
}

/** The registry's own token for one repository. Error: ProviderError. */
export async function repositoryToken(connection: Connection, named: Named, call: Call): Promise<Login> {
  const { token, actsAs } = await login(connection, named, call);
  const fields = { grant_type: "refresh_token", service: named.registry, scope: `repository:${named.repository}:pull,push`, refresh_token: token };
  const answer = jsonOf(accepted(await call.send(`https://${named.registry}/oauth2/token`, form(fields)), named.registry), named.registry);
  const made = textOf(answer.access_token);
  if (!made) throw new ProviderError("unreadable-answer", "The registry's answer has no token.");
  const end = claimsOf(made)?.exp;
  const said = typeof end === "number" ? new Date(end * 1_000) : endOf(answer, call.now());
  return { token: made, expiresAt: said ?? new Date(call.now().getTime() + 60_000), actsAs };
}
