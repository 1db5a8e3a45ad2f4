import "server-only";
import { sql } from "kysely";
import { z } from "zod";
import { parseInput } from "@/lib/kernel/command";
import { AppError, toAppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import type { KnownDevice } from "./known-device";
import { verifyPassword } from "./password";
import { type RefusalReason, recordRefusedSignIn } from "./record-refused-sign-in";
import { openSession, type StartedSession } from "./start-session";
import { absolve, accountKey, charge, deviceKey, sourceKey } from "./throttle";

// Local sign-in by e-mail and password. An unknown address costs the same work and gets the same answer as a wrong password. Only who
// knows the password learns that an account has ended.

export const signInInput = z.strictObject({ email: z.string().trim().min(1).max(320), password: z.string().min(1).max(1_024) });

export type SignInContext = { request: RequestContext; device?: KnownDevice; replacedToken?: string };
export type SignedIn = StartedSession & { status: "signed_in"; principalId: string };
export type SignInResult = SignedIn | { status: "wrong_pair" } | { status: "throttled"; waitS: number } | { status: "deactivated"; endedAt: string | null };

/** Checks the pair and opens a session. Errors: invalid_input, unavailable, conflict when the installation is not set up yet. */
export async function signIn(rawInput: unknown, { request, device, replacedToken }: SignInContext): Promise<SignInResult> {
  const { email, password } = parseInput(signInInput, rawInput);
  const account = await findAccount(email).catch((error) => {
    throw toAppError(error);
  });
  const refuse = (reason: RefusalReason) => {
    const target = account.principalId ? { type: "session", id: account.principalId, name: account.name } : { type: "session" };
    return recordRefusedSignIn(request, { organizationId: account.organizationId, reason, target });
  };

  // A browser on which this very person signed in before is counted apart from everybody else's guesses.
  const isKnown = device !== undefined && device.principalId === account.principalId;
  const keys = isKnown ? [deviceKey(device.nonce)] : [sourceKey(request.address), accountKey(email)];
  for (const key of keys) {
    const waitS = await charge(key);
    if (waitS === 0) continue;
    await refuse("throttled");
    return { status: "throttled", waitS };
  }

  if (!(await verifyPassword(account.hash, password)) || !account.principalId) {
    await refuse("wrong_pair");
    return { status: "wrong_pair" };
  }
  for (const key of keys) await absolve(key);
  if (!account.active) {
    await refuse("deactivated");
    return { status: "deactivated", endedAt: account.endedAt };
  }
  const session = await openSession(account.principalId, "local password", request, replacedToken);
  return { status: "signed_in", principalId: account.principalId, ...session };
}

type Account = { organizationId: string; principalId?: string; name?: string; hash?: string; active: boolean; endedAt: string | null };

/** The local account of an address, in one query that finds the organization either way. */
async function findAccount(email: string): Promise<Account> {
  const row = await inScope([], (tx) =>
    tx
      .selectFrom("organization as o")
      .leftJoin("principal as p", (join) =>
        join.onRef("p.organization_id", "=", "o.id").on("p.kind", "=", "user").on(sql<boolean>`lower(p.email) = lower(${email})`),
      )
      .leftJoin("local_password as l", "l.principal_id", "p.id")
      .select(["o.id as organization_id", "p.id", "p.full_name", "p.name", "p.active", "p.ended_at", "l.hash"])
      .executeTakeFirst(),
  );
  if (!row) throw new AppError("conflict", "This installation is not set up yet.", { fix: "Open the set-up link that the server printed when it started." });
  return {
    organizationId: row.organization_id,
    principalId: row.id ?? undefined,
    name: row.full_name || row.name || undefined,
    hash: row.hash ?? undefined,
    active: row.active ?? false,
    endedAt: row.ended_at,
  };
}
