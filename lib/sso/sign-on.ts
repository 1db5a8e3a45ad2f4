import "server-only";
import { sql } from "kysely";
import { applyRules, type Cause, type RuleEffect } from "@/lib/group-rules/apply-rules";
import { takeWaitingRules } from "@/lib/group-rules/waiting-rules";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import { effectFacts } from "@/lib/teams/apply-teams";
import { findAccount, type FoundAccount } from "./find-account";
import type { Connection } from "./connection";
import { personOf, type SaidPerson } from "./person-of";
import type { Said } from "./schema";

// What a sign-in changes here: the identity, the account it belongs to, and the groups that the provider named. The groups stand in the
// connection's own directory, where rules turn them into roles exactly as they do with a directory's.

export type SignedOn = {
  person: SaidPerson;
  principalId: string;
  effect: FoundAccount["effect"];
  groupsAdded: number;
  groupsRemoved: number;
  /** Of those that waited for a group that this sign-in brought. */
  rulesMade: number;
  grants: RuleEffect;
};

/** Carries out a sign-in in the transaction. `linkTo`: the signed-in person who proves that the account is theirs. Error: SignInRefused. */
export async function signOnPerson(tx: Tx, cause: Cause, connection: Connection, said: Said, linkTo?: string): Promise<SignedOn> {
  const person = personOf(connection, said);
  const account = await findAccount(tx, connection, person, linkTo);
  await noteIdentity(tx, connection, account.principalId, person, said);
  const groups = person.groups === null ? { added: 0, removed: 0 } : await noteGroups(tx, connection, account.principalId, person);
  const { rulesMade = 0 } = groups.added > 0 ? await takeWaitingRules(tx, cause, connection.directoryId) : {};
  const isChanged = groups.added + groups.removed > 0 || account.effect !== "existing";
  const grants = isChanged ? await applyRules(tx, cause, { principalIds: [account.principalId] }) : { opened: 0, ended: 0 };
  return { person, principalId: account.principalId, effect: account.effect, groupsAdded: groups.added, groupsRemoved: groups.removed, rulesMade, grants };
}

/** For the trail: nothing when nothing changed. */
export function signOnFacts({ effect, groupsAdded, groupsRemoved, rulesMade, grants, principalId }: SignedOn): Record<string, unknown> {
  return {
    ...(effect === "existing" ? {} : { account: principalId, effect }),
    ...(groupsAdded > 0 ? { groupsAdded } : {}),
    ...(groupsRemoved > 0 ? { groupsRemoved } : {}),
    ...(rulesMade > 0 ? { rulesMade } : {}),
    ...effectFacts(grants),
  };
}

async function noteIdentity(tx: Tx, connection: Connection, principalId: string, person: SaidPerson, said: Said): Promise<void> {
  const now = sql<string>`clock_timestamp()`;
  const claims = JSON.stringify(said.claims);
  await tx
    .insertInto("sso_identity")
    .values({ id: newId(), connection_id: connection.id, subject: person.subject, principal_id: principalId, email: person.email, claims, last_at: now })
    .onConflict((conflict) => conflict.columns(["connection_id", "subject"]).doUpdateSet({ email: person.email, claims, last_at: now }))
    .execute();
  const isProvisioned = await tx
    .selectFrom("directory_user as u")
    .innerJoin("directory as d", "d.id", "u.directory_id")
    .select("u.id")
    .where("u.principal_id", "=", principalId)
    .where("d.provider", "<>", "claims")
    .where("u.deleted_at", "is", null)
    .executeTakeFirst();
  // A directory that provisions the person has the last word on the name.
  if (isProvisioned) return;
  await tx
    .updateTable("principal")
    .set({ full_name: person.name, updated_at: now })
    .where("id", "=", principalId)
    .where("full_name", "<>", person.name)
    .execute();
}

/** Brings the person's memberships in line with the list; a list that may be cut short only adds. */
async function noteGroups(tx: Tx, { directoryId }: Connection, principalId: string, person: SaidPerson): Promise<{ added: number; removed: number }> {
  const member = await memberOf(tx, directoryId, principalId, person);
  const names = person.groups ?? [];
  await sql`
    insert into directory_group (id, directory_id, display_name)
    select n.id, ${directoryId}::uuid, n.name from jsonb_to_recordset(${JSON.stringify(names.map((name) => ({ id: newId(), name })))}::jsonb) as n(id uuid, name text)
    on conflict (directory_id, lower(display_name)) where deleted_at is null do nothing`.execute(tx);
  const { rows: wanted } = await sql<{ id: string }>`
    select id from directory_group where directory_id = ${directoryId} and deleted_at is null
      and lower(display_name) = any(select lower(x) from unnest(${names}::text[]) x)`.execute(tx);
  const ids = wanted.map((group) => group.id);
  const added = await sql`
    insert into directory_member (group_id, user_id) select g, ${member}::uuid from unnest(${ids}::uuid[]) g on conflict do nothing`.execute(tx);
  const removed = person.groupsCut
    ? undefined
    : await sql`delete from directory_member m using directory_group g where g.id = m.group_id and g.directory_id = ${directoryId}
        and m.user_id = ${member} and g.id <> all(${ids}::uuid[])`.execute(tx);
  if (added.numAffectedRows || removed?.numAffectedRows)
    await tx.updateTable("directory").set({ last_event_at: sql<string>`clock_timestamp()` }).where("id", "=", directoryId).execute();
  return { added: Number(added.numAffectedRows ?? 0), removed: Number(removed?.numAffectedRows ?? 0) };
}

/** The row of the account in the connection's directory; two identities of one account are one member. */
async function memberOf(tx: Tx, directoryId: string, principalId: string, person: SaidPerson): Promise<string> {
  const known = await tx
    .selectFrom("directory_user")
    .select("id")
    .where("directory_id", "=", directoryId)
    .where("principal_id", "=", principalId)
    .where("deleted_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (known) return known.id;
  const id = newId();
  await tx
    .insertInto("directory_user")
    .values({ id, directory_id: directoryId, principal_id: principalId, user_name: person.email ?? person.subject, external_id: person.subject, active: true })
    .execute();
  return id;
}
