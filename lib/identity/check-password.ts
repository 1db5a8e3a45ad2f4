import "server-only";
import { sql } from "kysely";
import { AppError, toAppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { isInEnforcedDomain } from "./enforced-domain";
import type { KnownDevice } from "./known-device";
import { verifyPassword } from "./password";
import { type RefusalReason, recordRefusedSignIn } from "./record-refused-sign-in";
import { absolve, accountKey, charge, deviceKey, sourceKey } from "./throttle";

// One check of a person and a password, for the sign-in page and for clients alike: throttled by account and by source, the same work and
// answer for an unknown name as for a wrong password, each refusal in the trail.

export type PasswordCheck =
  | { status: "right"; principalId: string; epoch: number }
  | { status: "wrong_pair" }
  | { status: "throttled"; waitS: number }
  | { status: "deactivated"; endedAt: string | null }
  | { status: "sso_required" };

/** Checks an e-mail address or name with a password. Errors: unavailable, conflict when the installation is not set up yet. */
export async function checkPassword(name: string, password: string, request: RequestContext, device?: KnownDevice): Promise<PasswordCheck> {
  const account = await findAccount(name).catch((error) => {
    throw toAppError(error);
  });
  const refuse = (reason: RefusalReason) => {
    const target = account.principalId ? { type: "session", id: account.principalId, name: account.name } : { type: "session" };
    return recordRefusedSignIn(request, { organizationId: account.organizationId, reason, target });
  };

  // A browser on which this very person signed in before is counted apart from everybody else's guesses.
  const isKnown = device !== undefined && device.principalId === account.principalId;
  const keys = isKnown ? [deviceKey(device.nonce)] : [sourceKey(request.address), accountKey(name)];
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
  if (account.isEnforced) {
    await refuse("sso_required");
    return { status: "sso_required" };
  }
  return { status: "right", principalId: account.principalId, epoch: account.epoch };
}

type Account = {
  organizationId: string;
  principalId?: string;
  name?: string;
  hash?: string;
  active: boolean;
  epoch: number;
  endedAt: string | null;
  isEnforced: boolean;
};

/** The local account of an address, or else of a name, in one query that finds the organization either way. */
async function findAccount(name: string): Promise<Account> {
  const isAddress = sql<boolean>`lower(p.email) = lower(${name})`;
  const row = await inScope([], (tx) =>
    tx
      .selectFrom("organization as o")
      .leftJoin("principal as p", (join) =>
        join
          .onRef("p.organization_id", "=", "o.id")
          .on("p.kind", "=", "user")
          .on("p.deleted_at", "is", null)
          .on((eb) => eb.or([isAddress, sql<boolean>`lower(p.name) = lower(${name})`])),
      )
      .leftJoin("local_password as l", "l.principal_id", "p.id")
      .select(isInEnforcedDomain(sql.ref("p.email"), sql.ref("o.id")).as("is_enforced"))
      .select(["o.id as organization_id", "p.id", "p.full_name", "p.name", "p.active", "p.epoch", "p.ended_at", "l.hash"])
      .orderBy(sql`(${isAddress}) desc nulls last`)
      .limit(1)
      .executeTakeFirst(),
  );
  if (!row) throw new AppError("conflict", "This installation is not set up yet.", { fix: "Open the set-up link that the server printed when it started." });
  return {
    organizationId: row.organization_id,
    principalId: row.id ?? undefined,
    name: row.full_name || row.name || undefined,
    hash: row.hash ?? undefined,
    active: row.active ?? false,
    epoch: row.epoch ?? 0,
    endedAt: row.ended_at,
    isEnforced: row.is_enforced,
  };
}
