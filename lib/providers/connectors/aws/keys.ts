import { type Call, type Connection, ProviderError } from "../contract";
import { text } from "./answer";
import { accepted, type Keys, originOf, serviceOf, textOf } from "./sign";

// The main keys of a connection: its own, or for `implicit` those of the machine that Reeve runs on.

/** Error: ProviderError "misconfigured". */
export async function mainKeys(connection: Connection, call: Call): Promise<Keys> {
  if (connection.method === "implicit") return hostKeys(connection, call);
  const id = textOf(connection.values.aws_access_key_id);
  const secret = textOf(connection.values.aws_secret_access_key);
  if (!id || !secret) throw new ProviderError("misconfigured", "The access key id or the secret access key is missing.");
  return { id, secret, session: connection.method === "sts-token" ? textOf(connection.values.aws_session_token) : null };
}

async function hostKeys(connection: Connection, call: Call): Promise<Keys> {
  const { host } = call;
  if (!host) throw new ProviderError("misconfigured", "Implicit methods are switched off on this server.");
  const profile = textOf(connection.values.profile_name);
  if (profile) return profileKeys(profile, call);
  const [id, secret] = [host.variable("AWS_ACCESS_KEY_ID"), host.variable("AWS_SECRET_ACCESS_KEY")];
  if (id && secret) return { id, secret, session: host.variable("AWS_SESSION_TOKEN") ?? null };
  return webIdentityKeys(connection, call);
}

/** Of a workload in Kubernetes (IRSA): its token is changed for keys of the role that it was given. The call is not signed. */
async function webIdentityKeys(connection: Connection, call: Call): Promise<Keys> {
  const [file, role] = [call.host?.variable("AWS_WEB_IDENTITY_TOKEN_FILE"), call.host?.variable("AWS_ROLE_ARN")];
  const token = file ? (await call.host?.file(file))?.trim() : undefined;
  if (!token || !role) throw new ProviderError("misconfigured", "This server has no AWS identity of its own: no keys in its environment and no web identity.");
  const body = new URLSearchParams({
    Action: "AssumeRoleWithWebIdentity",
    Version: "2011-06-15",
    RoleArn: role,
    RoleSessionName: "reeve",
    WebIdentityToken: token,
  });
  const answer = await call.send(`${originOf(serviceOf(connection, "sts"))}/`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: body.toString(),
  });
  accepted(answer, "sts");
  return { id: text(answer, "AccessKeyId"), secret: text(answer, "SecretAccessKey"), session: text(answer, "SessionToken") };
}

/** Of the machine's shared credentials file (`[profile]` and `key = value` lines). */
async function profileKeys(profile: string, call: Call): Promise<Keys> {
  const path = call.host?.variable("AWS_SHARED_CREDENTIALS_FILE") ?? `${call.host?.variable("HOME") ?? ""}/.aws/credentials`;
  const lines = ((await call.host?.file(path)) ?? "").split(/\r?\n/).map((line) => line.trim());
  const start = lines.indexOf(`[${profile}]`);
  const rest = start < 0 ? [] : lines.slice(start + 1);
  const end = rest.findIndex((line) => line.startsWith("["));
  const values = new Map((end < 0 ? rest : rest.slice(0, end)).map((line) => line.split(/\s*=\s*(.*)/s).slice(0, 2) as [string, string]));
  const [id, secret] = [values.get("aws_access_key_id"), values.get("aws_secret_access_key")];
  if (!id || !secret) throw new ProviderError("misconfigured", `This server has no AWS profile with keys that is named ${profile}.`);
  return { id, secret, session: values.get("aws_session_token") ?? null };
}
