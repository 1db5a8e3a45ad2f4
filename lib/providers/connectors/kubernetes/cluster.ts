import { type Answer, type Call, type Connection, ProviderError, type Request } from "../contract";
import { accepted, jsonOf, needed, objectAt, textOf } from "../reading";

// Calls of a cluster's API server as its kubeconfig says: its authority, and a bearer token, a password or a client certificate.

const WHO = "The Kubernetes API server";

/** PEM, of PEM or of the base64 of it that kubeconfigs carry; null for nothing. Error: ProviderError "misconfigured". */
export function pem(connection: Connection, field: string): string | null {
  const text = textOf(connection.values[field]);
  if (!text) return null;
  const decoded = text.includes("-----BEGIN ") ? text : Buffer.from(text, "base64").toString("utf8");
  if (!decoded.includes("-----BEGIN ")) throw new ProviderError("misconfigured", `${field} is neither PEM nor the base64 of it.`);
  return decoded;
}

export async function ask(connection: Connection, call: Call, path: string, body: unknown, method = "POST"): Promise<Answer> {
  const server = needed(connection, "server", "The server's address").replace(/\/+$/, "");
  const request: Request = { method, headers: { ...authorization(connection), "content-type": "application/json", accept: "application/json" } };
  const [ca, certificate, key] = [pem(connection, "certificate_authority"), pem(connection, "client_certificate"), pem(connection, "client_key")];
  if (ca) request.ca = ca;
  if (certificate && key) request.client = { certificate, key };
  if (connection.values.insecure === true) request.isInsecure = true;
  return call.send(`${server}${path}`, { ...request, body: JSON.stringify(body) });
}

function authorization({ method, values }: Connection): Record<string, string> {
  if (method === "password") return { authorization: `Basic ${Buffer.from(`${textOf(values.username)}:${textOf(values.password)}`).toString("base64")}` };
  const token = textOf(values.token);
  return token ? { authorization: `Bearer ${token}` } : {};
}

/** Whom the cluster takes the main key for. Error: ProviderError. */
export async function whoAmI(connection: Connection, call: Call): Promise<string> {
  if (connection.method === "token" && !textOf(connection.values.token) && !textOf(connection.values.client_certificate))
    throw new ProviderError("misconfigured", "There is neither a token nor a client certificate with its key.");
  const answer = await ask(connection, call, "/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    apiVersion: "authentication.k8s.io/v1",
    kind: "SelfSubjectReview",
  });
  const said = jsonOf(accepted(answer, WHO, "The cluster doesn't accept this key."), WHO);
  const name = textOf(objectAt(objectAt(said, "status"), "userInfo").username);
  if (!name) throw new ProviderError("unreadable-answer", "The answer doesn't say who is asking: this may be no Kubernetes API server.");
  if (name === "system:anonymous") throw new ProviderError("refused", "The cluster doesn't know this key: it takes its bearer for anybody.");
  return name;
}

export interface Account {
  namespace: string;
  name: string;
}

/** An empty Secret that one token is bound to. */
export type Bound = { namespace: string; secret: string; uid: string };

/** Null where the main key may not make one: the token then lives until its end. */
export async function makeBound(connection: Connection, namespace: string, call: Call): Promise<Bound | null> {
  const answer = await ask(connection, call, `/api/v1/namespaces/${namespace}/secrets`, {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { generateName: "reeve-credential-", labels: { "app.kubernetes.io/managed-by": "reeve" } },
  });
  if (answer.status !== 201) return null;
  const metadata = objectAt(jsonOf(answer, WHO), "metadata");
  const [secret, uid] = [textOf(metadata.name), textOf(metadata.uid)];
  return secret && uid ? { namespace, secret, uid } : null;
}

/** Ends what is bound to it. What is gone already, or another object by now, is no error. Error: ProviderError. */
export async function removeBound(connection: Connection, { namespace, secret, uid }: Bound, call: Call): Promise<void> {
  const body = { apiVersion: "v1", kind: "DeleteOptions", preconditions: { uid } };
  const answer = await ask(connection, call, `/api/v1/namespaces/${namespace}/secrets/${secret}`, body, "DELETE");
  if (answer.status === 404 || answer.status === 409) return;
  accepted(answer, WHO, `The main key may not delete Secrets in the namespace ${namespace}.`);
}

const HINT = "a role with the verb create on serviceaccounts/token";

/** Error: ProviderError "refused" when the main key may not make tokens of the account. */
export async function mayMakeTokens(connection: Connection, { namespace, name }: Account, call: Call): Promise<void> {
  const answer = await ask(connection, call, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes: { namespace, verb: "create", resource: "serviceaccounts", subresource: "token", name } },
  });
  const said = jsonOf(accepted(answer, WHO), WHO);
  if (objectAt(said, "status").allowed !== true)
    throw new ProviderError("refused", `The main key may not make tokens of the service account ${name} in ${namespace}: it needs ${HINT} there.`);
}

/**
 * A token of the account for a while (TokenRequest): the server may give it a shorter life than asked. Bound to an object, it ends with that.
 */
export async function makeToken(connection: Connection, { namespace, name }: Account, seconds: number, bound: Bound | null, call: Call) {
  const answer = await ask(connection, call, `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: {
      expirationSeconds: seconds,
      ...(bound ? { boundObjectRef: { kind: "Secret", apiVersion: "v1", name: bound.secret, uid: bound.uid } } : {}),
    },
  });
  if (answer.status === 404) throw new ProviderError("not-found", `There is no service account ${name} in the namespace ${namespace}.`, "NotFound");
  const refused = `The cluster refuses a token of the service account ${name} in ${namespace}: the main key needs ${HINT} there.`;
  const status = objectAt(jsonOf(accepted(answer, WHO, refused), WHO), "status");
  const [token, end] = [textOf(status.token), new Date(String(status.expirationTimestamp))];
  if (!token || Number.isNaN(end.getTime())) throw new ProviderError("unreadable-answer", "The cluster's answer has no token with an end.");
  return { token, expiresAt: end, auditId: textOf(answer.headers["audit-id"]) };
}
