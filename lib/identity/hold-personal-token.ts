import "server-only";
import { sql } from "kysely";
import { limitsOf } from "@/lib/authz/limits";
import type { Tx } from "@/lib/kernel/transaction";
import { actorJson } from "./actor";
import { keyLabel, sameHash } from "./api-key";
import type { HeldCredential } from "./held-credential";
import { hashPersonalToken, type PersonalTokenText } from "./personal-token";
import { refuseCredential } from "./refused-credential";

// Personal tokens as credentials: a person's own, with scopes, a place and an end.

/** The token of an id, good for use now. Errors: unauthenticated. */
export async function holdPersonalToken(tx: Tx, id: string): Promise<HeldCredential> {
  return held(await tokenRow(tx, id));
}

/** The token of a text that a client sent. Errors: unauthenticated. */
export async function holdPersonalTokenText(tx: Tx, text: PersonalTokenText): Promise<HeldCredential> {
  const row = await tokenRow(tx, text.id);
  if (!sameHash(row.secret_hmac, hashPersonalToken(text.secret))) throw refuseCredential("the personal token is not valid", "wrong_token");
  return held(row);
}

async function tokenRow(tx: Tx, id: string) {
  const row = await tx
    .selectFrom("personal_token as t")
    .select(["t.id", "t.name", "t.principal_id", "t.secret_hmac", "t.generation", "t.scopes", "t.workspace_ref", "t.project_ref", "t.revoked_at"])
    .select(sql<boolean>`t.expires_at <= clock_timestamp()`.as("expired"))
    .select(sql<boolean>`coalesce(t.last_used_at < clock_timestamp() - interval '1 minute', true)`.as("is_stale"))
    .select(actorJson(sql.ref("t.principal_id")).as("actor"))
    .where("t.id", "=", id)
    .executeTakeFirst();
  if (!row) throw refuseCredential("the personal token is not valid", "unknown_token");
  return row;
}

function held(row: Awaited<ReturnType<typeof tokenRow>>): HeldCredential {
  if (row.revoked_at) throw refuseCredential(`the personal token ${row.name} was revoked`, "revoked_token");
  if (row.expired) throw refuseCredential(`the personal token ${row.name} has expired`, "expired_token");
  return {
    principalId: row.principal_id,
    actor: row.actor,
    credential: { kind: "personal_token", id: row.id, label: keyLabel(row.name, row.id) },
    limits: limitsOf({ scopes: row.scopes, workspaceId: row.workspace_ref, projectId: row.project_ref }),
    generation: row.generation,
    outdated: () => refuseCredential(`the personal token ${row.name} was renewed`, "outdated_token"),
    inactiveAccount: () => refuseCredential("the account of this token is not active", "inactive_account"),
    noteUse: async (tx, request) => {
      if (!row.is_stale) return;
      await sql`with stale as (select id from personal_token where id = ${row.id} for update skip locked)
        update personal_token t set last_used_at = clock_timestamp(), last_used_address = ${request.address} from stale where t.id = stale.id`.execute(tx);
    },
  };
}
