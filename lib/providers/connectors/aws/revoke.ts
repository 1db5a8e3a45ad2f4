import { type Call, type Connection, type Ending, ProviderError } from "../contract";
import { texts } from "./answer";
import { mainKeys } from "./keys";
import { actionOf, originOf, serviceOf, signedCall } from "./sign";

// Sessions of a role live until their end. What ends them sooner is the role's own inline policy: it denies all to sessions of one name that
// were given out before a moment, so that other sessions of the role, and later ones, go on.

const POLICY = "ReeveRevokedSessions";
/** No session of a role lives longer, so that a statement is of no use after it. */
const LONGEST_MS = 12 * 3_600_000;
const TRIES = 3;

type Statement = { Sid?: string } & Record<string, unknown>;

const HINT = "it needs iam:GetRolePolicy and iam:PutRolePolicy on the role";

async function iam(connection: Connection, call: Call, parameters: Record<string, string>) {
  const service = serviceOf(connection, "iam");
  return signedCall(await mainKeys(connection, call), service, call, `${originOf(service)}/`, actionOf("2010-05-08", parameters));
}

async function statementsOf(connection: Connection, call: Call, role: string): Promise<Statement[]> {
  try {
    const [document = ""] = texts(await iam(connection, call, { Action: "GetRolePolicy", RoleName: role, PolicyName: POLICY }), "PolicyDocument");
    return [(JSON.parse(decodeURIComponent(document)) as { Statement: Statement | Statement[] }).Statement].flat();
  } catch (error) {
    if (error instanceof ProviderError && error.reason === "not-found") return [];
    if (error instanceof ProviderError) throw error;
    throw new ProviderError("unreadable-answer", `The role has a policy ${POLICY} that is none of ours.`);
  }
}

/** The moment after which a statement ends nothing any more, as its Sid says. */
const isOver = ({ Sid = "" }: Statement, now: Date): boolean => Number(/^Until(\d{10})/.exec(Sid)?.[1] ?? Number.POSITIVE_INFINITY) * 1_000 < now.getTime();

export async function endSessions(connection: Connection, { names }: Ending, before: Date, call: Call): Promise<void> {
  const role = (names.role ?? "").split("/").at(-1) ?? "";
  const at = Math.ceil(before.getTime() / 1_000);
  const statement: Statement = {
    Sid: `Until${at + LONGEST_MS / 1_000}x${Buffer.from(names.session ?? "")
      .toString("hex")
      .slice(0, 64)}`,
    Effect: "Deny",
    Action: "*",
    Resource: "*",
    Condition: { StringLike: { "aws:userid": `*:${names.session}` }, DateLessThanEquals: { "aws:TokenIssueTime": new Date(at * 1_000).toISOString() } },
  };
  try {
    for (let turn = 0; turn < TRIES; turn++) {
      const others = (await statementsOf(connection, call, role)).filter((one) => one.Sid !== statement.Sid && !isOver(one, call.now()));
      const document = JSON.stringify({ Version: "2012-10-17", Statement: [...others, statement] });
      await iam(connection, call, { Action: "PutRolePolicy", RoleName: role, PolicyName: POLICY, PolicyDocument: document });
      // Two at the same moment write over each other: whose statement is gone writes again.
      if ((await statementsOf(connection, call, role)).some((one) => one.Sid === statement.Sid)) return;
    }
  } catch (error) {
    if (!(error instanceof ProviderError) || error.reason !== "refused") throw error;
    throw new ProviderError("refused", `The main key may not end sessions of the role: ${HINT}.`, error.code);
  }
  throw new ProviderError("unreachable", "The role’s policy was changed by others each time it was written.");
}
