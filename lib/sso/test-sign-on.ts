import "server-only";
import { X509Certificate } from "node:crypto";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "@/lib/identity/actor";
import { defineCommand, execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { type Attempt, endAttempt } from "./attempts";
import { type Connection, requireConnection } from "./connection";
import { personOf } from "./person-of";
import { refusalOf } from "./refuse-attempt";
import type { Forgery, Said, TestCheck, TestGrant, TestResult } from "./schema";
import { signOnPerson } from "./sign-on";

// The test login: everything that a sign-in would do, done and taken back, so that what is shown is what would happen.

/** Carries the outcome out of the transaction that it undoes. */
class TakenBack extends Error {
  constructor(readonly found: Pick<TestResult, "account" | "grants">) {
    super("a dry run is taken back");
  }
}

type Tried = { warnings?: string[]; forgeries?: Forgery[] };

/** What a sign-in with this answer would do, without doing it. */
export async function trySignOn(connection: Connection, said: Said, tried: Tried, request: RequestContext): Promise<TestResult> {
  const person = personOf(connection, said);
  const { account, grants } = await takenBack(connection, said, request);
  return {
    subject: said.subject,
    claims: said.claims,
    warnings: [...(tried.warnings ?? []), ...(person.groupsCut ? ["The list of groups may be cut short: it only adds memberships, and removes none."] : [])],
    email: person.email,
    name: person.name,
    groups: person.groups ?? [],
    account,
    grants,
    checks: checksOf(connection, tried),
  };
}

async function takenBack(connection: Connection, said: Said, request: RequestContext): Promise<Pick<TestResult, "account" | "grants">> {
  try {
    return await inScope([], async (tx) => {
      const before = await openGrants(tx, connection, said);
      const done = await signOnPerson(tx, { actor: connection, request }, connection, said);
      const after = await grantsOf(tx, done.principalId);
      throw new TakenBack({
        account: { effect: done.effect, principalId: done.effect === "created" ? null : done.principalId, refusal: null },
        grants: compared(before, after),
      });
    });
  } catch (error) {
    if (error instanceof TakenBack) return error.found;
    return { account: { effect: "refused", principalId: null, refusal: refusalOf(error, request).code }, grants: [] };
  }
}

type Open = { id: string; role: string; scope: string; via: string };

async function openGrants(tx: Tx, connection: Connection, said: Said): Promise<Open[]> {
  const { email } = personOf(connection, said);
  const { rows } = await sql<{ id: string }>`
    select coalesce((select principal_id from sso_identity where connection_id = ${connection.id} and subject = ${said.subject}),
      (select id from principal where organization_id = ${connection.organizationId} and kind = 'user' and deleted_at is null and lower(email) = ${email})) as id`.execute(
    tx,
  );
  return rows[0]?.id ? grantsOf(tx, rows[0].id) : [];
}

async function grantsOf(tx: Tx, principalId: string): Promise<Open[]> {
  const { rows } = await sql<Open>`
    select g.id, g.role, coalesce(p.name, w.slug, 'the organization') as scope, coalesce(dg.display_name, g.source) as via
    from role_grant g
      left join workspace w on w.id = g.workspace_ref
      left join project p on p.id = g.project_ref
      left join group_rule r on r.id = g.group_rule_id
      left join directory_group dg on dg.id = r.group_id
    where g.principal_id = ${principalId} and g.effect = 'allow' and (g.valid_to is null or g.valid_to > clock_timestamp())
    order by g.role, scope`.execute(tx);
  return rows;
}

function compared(before: Open[], after: Open[]): TestGrant[] {
  const [had, has] = [new Set(before.map((grant) => grant.id)), new Set(after.map((grant) => grant.id))];
  const shown =
    (change: TestGrant["change"]) =>
    ({ role, scope, via }: Open) => ({ change, role, scope, via });
  return [
    ...after.filter((grant) => had.has(grant.id)).map(shown("=")),
    ...after.filter((grant) => !had.has(grant.id)).map(shown("+")),
    ...before.filter((grant) => !has.has(grant.id)).map(shown("-")),
  ];
}

const FORGERY = {
  unsigned: "without signature",
  audience: "for another audience",
  expired: "an hour after its end",
  altered: "changed after signing",
} as const;
const DAY_MS = 86_400_000;

/** What was checked of this connection, each with what was found. */
function checksOf(connection: Connection, { warnings = [], forgeries = [] }: Tried): TestCheck[] {
  if (connection.protocol === "oidc")
    return [
      { check: "Issuer, audience, nonce and times of the id token", ok: true, detail: "exact" },
      { check: "Signature of the id token, with the provider's published keys", ok: true, detail: "verified" },
      { check: "PKCE and state, bound to this browser", ok: true, detail: "S256" },
    ];
  const ends = connection.settings.certificates.map((pem) => new X509Certificate(pem).validTo).sort((a, b) => Date.parse(a) - Date.parse(b));
  const daysLeft = Math.floor((Date.parse(ends.at(-1) ?? "") - Date.now()) / DAY_MS);
  return [
    { check: "Signature, audience, recipient and times", ok: true, detail: "exact; clocks differ by less than a minute" },
    { check: "Algorithm", ok: warnings.length === 0, detail: warnings.join(" ") || "SHA-256 or better" },
    { check: "Certificate", ok: daysLeft > 30, detail: daysLeft < 0 ? "has ended" : `ends in ${daysLeft} days` },
    ...forgeries.map(({ forgery, refusal }) => ({
      check: `This answer ${FORGERY[forgery]} is refused`,
      ok: refusal !== null,
      detail: refusal ?? "it was accepted",
    })),
  ];
}

/** Ends a test and, where it passed, notes that this version of the connection works. */
export const endTest = defineCommand({
  name: "sso-connection.tested",
  permission: "sso-connection:test",
  input: z.strictObject({
    connectionId: z.uuid(),
    attemptId: z.uuid(),
    version: z.number().int(),
    result: z.custom<TestResult>((value) => typeof value === "object" && value !== null),
  }),
  scope: ({ tx, input }) => requireConnection(tx, input.connectionId),
  run: async ({ tx, actor, now, input: { attemptId, version, result }, target: { connection } }) => {
    const passed =
      result.account.effect !== "refused" && result.checks.every((check) => check.ok || check.check === "Certificate" || check.check === "Algorithm");
    const ended = await endAttempt(tx, attemptId, { outcome: "tested", principalId: result.account.principalId, email: result.email, result });
    if (!ended) throw new AppError("conflict", "This test has ended already.");
    if (passed)
      await tx
        .updateTable("sso_connection")
        .set({ tested_version: version, tested_at: now, tested_by: actor.id })
        .where("id", "=", connection.id)
        .where("version", "=", version)
        .execute();
    const target = { type: "sso-connection", id: connection.id, name: connection.name };
    return { result: null, audit: { target, after: { passed, account: result.account.effect, attempt: attemptId } } };
  },
});

/** Runs a test to its end, as the person who began it. */
export async function finishTest(attempt: Attempt, connection: Connection, said: Said & Tried, actor: Actor, request: RequestContext): Promise<void> {
  const result = await trySignOn(connection, said, said, request);
  await execute(endTest, { actor, request, workspace: null }, { connectionId: connection.id, attemptId: attempt.id, version: connection.version, result });
}
