import { type Answer, type Call, type Connection, type Ending, type Issue, ProviderError } from "../contract";
import { errorCode, requestId, text, texts } from "./answer";
import { mainKeys } from "./keys";
import { sessionPolicy } from "./session-policy";
import { accepted, actionOf, type Keys, originOf, serviceOf, signedSend, textOf } from "./sign";

// Keys for a while, of the main keys: AssumeRole, GetSessionToken, GetFederationToken (AWS STS, version 2011-06-15).

export interface Session {
  keys: Keys;
  expiresAt: Date | null;
  isNarrowed: boolean;
  actsAs: string | null;
  requestId: string | null;
  /** How sessions of a role end before their time. */
  ending?: Ending;
  peerLimit?: number;
}

/** An assumed role's own role lives an hour at most, whatever the role says (role chaining). */
const CHAINED_SECONDS = 3_600;
/** GetFederationToken takes shorter names than AssumeRole. */
const FEDERATED_NAME = 32;

const stsSend = (keys: Keys, connection: Connection, call: Call, parameters: Record<string, string>) => {
  const service = serviceOf(connection, "sts");
  return signedSend(keys, service, call, `${originOf(service)}/`, actionOf("2011-06-15", parameters));
};

/** Lives that roles are given, in seconds: AWS refuses what is longer than the role's own and does not say how long that is. */
const ROLE_LIVES = [8 * 3_600, 4 * 3_600, 2 * 3_600, 3_600, 900];

/** The life to ask for next, where AWS refused one as too long; null where it did not. */
export function shorterLife(answer: Answer, asked: number): number | null {
  if (answer.status < 400 || errorCode(answer) !== "ValidationError") return null;
  const [said = ""] = texts(answer, "Message");
  if (!/DurationSeconds/i.test(said)) return null;
  const most = /role chaining/i.test(said) ? CHAINED_SECONDS : Number(/less than or equal to (\d{3,6})\b/.exec(said)?.[1] ?? asked - 1);
  const next = /role chaining|less than or equal to/i.test(said) ? most : ROLE_LIVES.find((seconds) => seconds <= most);
  return next !== undefined && next < asked && next >= 900 ? next : null;
}

/** Makes the session, with the longest life that the other side allows. Error: ProviderError. */
async function longestSession(keys: Keys, connection: Connection, call: Call, parameters: Record<string, string>) {
  let asked = parameters;
  for (;;) {
    const answer = await stsSend(keys, connection, call, asked);
    const next = asked.DurationSeconds ? shorterLife(answer, Number(asked.DurationSeconds)) : null;
    if (next === null) return { answer: accepted(answer, "sts"), peerLimit: asked === parameters ? undefined : Number(asked.DurationSeconds) };
    asked = { ...asked, DurationSeconds: String(next) };
  }
}

/** Who the main keys are, as AWS sees them. */
export async function callerIdentity(keys: Keys, connection: Connection, call: Call): Promise<{ arn: string; account: string }> {
  const answer = accepted(await stsSend(keys, connection, call, { Action: "GetCallerIdentity" }), "sts");
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
  const { answer, peerLimit } = await longestSession(main, connection, call, { Action: request.action, ...request.parameters });
  const expiresAt = new Date(text(answer, "Expiration"));
  if (Number.isNaN(expiresAt.getTime())) throw new ProviderError("unreadable-answer", "AWS STS says no end of these keys.");
  return {
    keys: { id: text(answer, "AccessKeyId"), secret: text(answer, "SecretAccessKey"), session: text(answer, "SessionToken") },
    expiresAt,
    isNarrowed: request.isNarrowed,
    // MinIO, which knows no roles, names nobody.
    actsAs: request.action === "GetSessionToken" ? null : texts(answer, "Arn")[0] || null,
    requestId: requestId(answer) ?? texts(answer, "RequestId")[0] ?? null,
    ...(request.action === "AssumeRole" ? { ending: { names: { role: request.parameters.RoleArn ?? "", session: issue.session } } } : {}),
    ...(peerLimit ? { peerLimit } : {}),
  };
}
