import type { Call, Connection } from "../contract";
import { accepted, type Json, jsonOf, listAt, needed, textOf } from "../reading";
import { RESOURCE_MANAGER, type Token } from "./tokens";

// Azure's resource manager: what there is in a subscription, or in one group of it.

const MOST = 1_000;
const WHO = "Azure's resource manager";

export const subscriptionOf = (connection: Connection): string => encodeURIComponent(needed(connection, "subscription_id", "The subscription's id"));

/** One resource, or what it does; `refused` says what right may be missing. */
export async function managed(token: Token, path: string, version: string, call: Call, method = "GET", refused?: string): Promise<Json> {
  const headers = { authorization: `Bearer ${token.token}`, accept: "application/json", ...(method === "POST" ? { "content-length": "0" } : {}) };
  return jsonOf(
    accepted(await call.send(`${RESOURCE_MANAGER}${path}${path.includes("?") ? "&" : "?"}api-version=${version}`, { method, headers }), WHO, refused),
    WHO,
  );
}

/** Everything of a type in the subscription, or in the connection's group. Only the resource manager's own next pages are asked for. */
export async function allManaged(token: Token, connection: Connection, type: string, version: string, call: Call): Promise<Json[]> {
  const group = textOf(connection.values.resource_group);
  const scope = `/subscriptions/${subscriptionOf(connection)}${group ? `/resourceGroups/${encodeURIComponent(group)}` : ""}`;
  const found: Json[] = [];
  let page = await managed(token, `${scope}/providers/${type}`, version, call);
  found.push(...listAt(page, "value"));
  for (let next = textOf(page.nextLink); next?.startsWith(`${RESOURCE_MANAGER}/`) && found.length < MOST; next = textOf(page.nextLink)) {
    page = jsonOf(accepted(await call.send(next, { headers: { authorization: `Bearer ${token.token}` } }), WHO), WHO);
    found.push(...listAt(page, "value"));
  }
  return found.slice(0, MOST);
}
