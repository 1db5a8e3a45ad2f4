import { type Call, type Connection, type Issue, ProviderError } from "../contract";
import { requestId, text, texts } from "./answer";
import { mainKeys } from "./keys";
import { sessionPolicy } from "./session-policy";
import { type Keys, originOf, serviceOf, signedCall, textOf } from "./sign";

// Keys for a while, of the main keys: AssumeRole, GetSessionToken, GetFederationToken (AWS STS, version 2011-06-15).

export interface Session {
  keys: Keys;
  expiresAt: Date | null;
  isNarrowed: boolean;
  actsAs: string | null;
  requestId: string | null;
}

/** An assumed role's own role lives an hour at most, whatever the role says (role chaining). */
const CHAINED_SECONDS = 3_600;
/** GetFederationToken takes shorter names than AssumeRole. */
const FEDERATED_NAME = 32;

const stsCall = (keys: Keys, connection: Connection, call: Call, parameters: Record<string, string>) => {
  const service = serviceOf(connection, "sts");
  return signedCall(keys, service, call, `${originOf(service)}/`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8" },
    body: new URLSearchParams({ Version: "2011-06-15", ...parameters }).toString(),
  });
};

/** Who the main keys are, as AWS sees them. */
export async function callerIdentity(keys: Keys, connection: Connection, call: Call): Promise<{ arn: string; account: string }> {
  const answer = await stsCall(keys, connection, call, { Action: "GetCallerIdentity" });
  return { arn: text(answer, "Arn"), account: text(answer, "Account") };
}

/** The call that makes a session by the connection's method; null where the method has no sessions. */
function wanted(connection: Connection, issue: Issue, main: Keys): { action: string; parameters: Record<string, string>; isNarrowed: boolean } | null {
  const role = textOf(connection.values.role_arn);
  const seconds = issue.lifetime;
  const duration: Record<string, string> = seconds === null ? {} : { DurationSeconds: String(seconds) };
  if (connection.method === "session-token") return { action: "GetSessionToken", parameters: duration, isNarrowed: false };
  const { policy, arns, isNarrowed } = sessionPolicy(connection, issue);
  const policies = { ...(policy ? { Policy: policy } : {}), ...Object.fromEntries(arns.map((arn, index) => [`PolicyArns.member.${index + 1}.arn`, arn])) };
  if (connection.method === "federation-token")
    return { action: "GetFederationToken", parameters: { ...duration, ...policies, Name: issue.session.slice(0, FEDERATED_NAME) }, isNarrowed };
  if (connection.method !== "iam-role" && !(connection.method === "implicit" && role)) return null;
  if (!role) throw new ProviderError("misconfigured", "The role's ARN is missing.");
  const capped = main.session && seconds !== null ? { DurationSeconds: String(Math.min(seconds, CHAINED_SECONDS)) } : duration;
  return { action: "AssumeRole", parameters: { ...capped, ...policies, RoleArn: role, RoleSessionName: issue.session }, isNarrowed };
}

/** A session of the connection, narrowed to the resource where its method can; the main keys themselves where it has none. */
export async function sessionOf(connection: Connection, issue: Issue, call: Call): Promise<Session> {
  const main = await mainKeys(connection, call);
  const request = wanted(connection, issue, main);
  if (!request) return { keys: main, expiresAt: null, isNarrowed: false, actsAs: null, requestId: null };
  const answer = await stsCall(main, connection, call, { Action: request.action, ...request.parameters });
  const expiresAt = new Date(text(answer, "Expiration"));
  if (Number.isNaN(expiresAt.getTime())) throw new ProviderError("unreadable-answer", "AWS STS says no end of these keys.");
  return {
    keys: { id: text(answer, "AccessKeyId"), secret: text(answer, "SecretAccessKey"), session: text(answer, "SessionToken") },
    expiresAt,
    isNarrowed: request.isNarrowed,
    // MinIO, which knows no roles, names nobody.
    actsAs: request.action === "GetSessionToken" ? null : texts(answer, "Arn")[0] || null,
    requestId: requestId(answer) ?? texts(answer, "RequestId")[0] ?? null,
  };
}
