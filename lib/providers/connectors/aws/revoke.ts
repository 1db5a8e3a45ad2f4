import { type Answer, type Call, type Connection, type Ending, ProviderError } from "../contract";
import { texts } from "./answer";
import { mainKeys } from "./keys";
import { accepted, actionOf, originOf, serviceOf, signedSend } from "./sign";

// Sessions of a role live until their end. What ends them sooner is the role's own inline policy: it denies all to sessions of one name that
// were given out before a moment, so that other sessions of the role, and later ones, go on.

const POLICY = "ReeveRevokedSessions";
/** No session of a role lives longer, so that a statement is of no use after it. */
const LONGEST_MS = 12 * 3_600_000;
const TRIES = 3;
const MOST_AHEAD_MS = 15 * 60_000;

type Statement = { Sid?: string } & Record<string, unknown>;

const HINT = "it needs iam:GetRolePolicy and iam:PutRolePolicy on the role";

async function iam(connection: Connection, call: Call, parameters: Record<string, string>): Promise<Answer> {
  const service = serviceOf(connection, "iam");
  return signedSend(await mainKeys(connection, call), service, call, `${originOf(service)}/`, actionOf("2010-05-08", parameters));
}

/** How far the peer's clock runs ahead of ours, as its answer tells in whole seconds: sessions began in its time, and it takes calls that are minutes off. */
function aheadMs({ headers }: Answer, call: Call): number {
  const ahead = Date.parse(typeof headers.date === "string" ? headers.date : "") - call.now().getTime();
  return ahead > 0 ? Math.min(ahead + 999, MOST_AHEAD_MS) : 0;
}

async function statementsOf(connection: Connection, call: Call, role: string): Promise<{ found: Statement[]; ahead: number }> {
  const answer = await iam(connection, call, { Action: "GetRolePolicy", RoleName: role, PolicyName: POLICY });
  const ahead = aheadMs(answer, call);
  try {
    const [document = ""] = texts(accepted(answer, "iam"), "PolicyDocument");
    return { found: [(JSON.parse(decodeURIComponent(document)) as { Statement: Statement | Statement[] }).Statement].flat(), ahead };
  } catch (error) {
    if (error instanceof ProviderError && error.reason === "not-found") return { found: [], ahead };
    if (error instanceof ProviderError) throw error;
    throw new ProviderError("unreadable-answer", `The role has a policy ${POLICY} that is none of ours.`);
  }
}

/** The moment after which a statement ends nothing any more, as its Sid says. */
const isOver = ({ Sid = "" }: Statement, now: Date): boolean => Number(/^Until(\d{10})/.exec(Sid)?.[1] ?? Number.POSITIVE_INFINITY) * 1_000 < now.getTime();

const statementFor = (session: string, at: number): Statement => ({
  Sid: `Until${at + LONGEST_MS / 1_000}x${Buffer.from(session).toString("hex").slice(0, 64)}`,
  Effect: "Deny",
  Action: "*",
  Resource: "*",
  Condition: { StringLike: { "aws:userid": `*:${session}` }, DateLessThanEquals: { "aws:TokenIssueTime": new Date(at * 1_000).toISOString() } },
});

export async function endSessions(connection: Connection, { names }: Ending, before: Date, call: Call): Promise<void> {
  const role = (names.role ?? "").split("/").at(-1) ?? "";
  try {
    for (let turn = 0; turn < TRIES; turn++) {
      const { found, ahead } = await statementsOf(connection, call, role);
      const statement = statementFor(names.session ?? "", Math.ceil((before.getTime() + ahead) / 1_000));
      const others = found.filter((one) => one.Sid !== statement.Sid && !isOver(one, call.now()));
      const document = JSON.stringify({ Version: "2012-10-17", Statement: [...others, statement] });
      accepted(await iam(connection, call, { Action: "PutRolePolicy", RoleName: role, PolicyName: POLICY, PolicyDocument: document }), "iam");
      // Two at the same moment write over each other: whose statement is gone writes again.
      if ((await statementsOf(connection, call, role)).found.some((one) => one.Sid === statement.Sid)) return;
    }
  } catch (error) {
    if (!(error instanceof ProviderError) || error.reason !== "refused") throw error;
    throw new ProviderError("refused", `The main key may not end sessions of the role: ${HINT}.`, error.code);
  }
  throw new ProviderError("unreachable", "The role’s policy was changed by others each time it was written.");
}
