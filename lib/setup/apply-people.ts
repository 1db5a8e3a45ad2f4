import "server-only";
/*
 * People and grants of a set-up file. Invariant: what a person or a directory ended stays ended, unless the operator asks
 * to restore it; a password is set only while there is none, so that one that was changed stays.
 */
import { sql } from "kysely";
import { hashPassword } from "@/lib/identity/password";
import { newId } from "@/lib/kernel/id";
import type { Application } from "@/lib/setup/application";
import { grantRow, grantWords, isAt, isOpen, noteGrant, placeOf, staysEnded } from "@/lib/setup/places";
import type { SetupGrant, SetupUser } from "@/lib/setup/setup-file";

const now = sql<string>`clock_timestamp()`;

/** Makes or adjusts one person with their grants. */
export async function applyUser(application: Application, wanted: SetupUser): Promise<void> {
  const existing = await application.tx
    .selectFrom("principal")
    .select(["id", "full_name", "active", "ended_by"])
    .where("organization_id", "=", application.organizationId)
    .where("kind", "=", "user")
    .where(sql`lower(email)`, "=", wanted.email)
    .executeTakeFirst();
  const id = existing ? existing.id : await makeUser(application, wanted);
  if (existing && !(await adjustUser(application, wanted, existing))) return;
  await applyPassword(application, wanted, id, existing === undefined);
  for (const grant of wanted.grants) await applyGrant(application, { id, name: wanted.email }, grant);
}

async function makeUser(application: Application, wanted: SetupUser): Promise<string> {
  const id = newId();
  await application.tx
    .insertInto("principal")
    .values({ id, organization_id: application.organizationId, kind: "user", name: wanted.email, email: wanted.email, full_name: wanted.name })
    .execute();
  application.changed(`create user ${wanted.email}`, "user.created", {
    target: { type: "user", id, name: wanted.name },
    after: { name: wanted.name, email: wanted.email, signIn: wanted.password ? "local" : "none" },
  });
  if (!wanted.password) application.note(`${wanted.email} has no password and can't sign in yet`);
  return id;
}

/** False when the person has ended and stays so: then nothing else of them is touched. */
async function adjustUser(
  application: Application,
  wanted: SetupUser,
  existing: { id: string; full_name: string; active: boolean; ended_by: string | null },
): Promise<boolean> {
  const target = { type: "user", id: existing.id, name: wanted.name };
  if (!existing.active) {
    if (!application.isRestoring && existing.ended_by !== "setup") {
      application.note(
        `${wanted.email} was deactivated by ${existing.ended_by === "directory" ? "a directory" : "a person"} and stays so (--restore brings them back)`,
      );
      return false;
    }
    await application.tx
      .updateTable("principal")
      .set({ active: true, ended_by: null, ended_at: null, epoch: sql`epoch + 1`, updated_at: now })
      .where("id", "=", existing.id)
      .execute();
    application.changed(`restore user ${wanted.email}`, "user.restored", { target, before: { active: false }, after: { active: true } });
  }
  if (existing.full_name !== wanted.name) {
    await application.tx.updateTable("principal").set({ full_name: wanted.name, updated_at: now }).where("id", "=", existing.id).execute();
    application.changed(`rename user ${wanted.email}`, "user.updated", { target, before: { name: existing.full_name }, after: { name: wanted.name } });
  }
  return true;
}

/** The entry of a person who was made just now says already how they sign in. */
async function applyPassword(application: Application, wanted: SetupUser, principalId: string, isNew: boolean): Promise<void> {
  if (!wanted.password) return;
  const { tx } = application;
  if (await tx.selectFrom("local_password").select("principal_id").where("principal_id", "=", principalId).executeTakeFirst()) return;
  if (!isNew) {
    application.changed(`set the password of ${wanted.email}`, "user.password-set", {
      target: { type: "user", id: principalId, name: wanted.name },
      after: { signIn: "local" },
    });
  }
  if (application.isPlan) return; // hashing is slow on purpose, and the row would be rolled back
  await tx
    .insertInto("local_password")
    .values({ principal_id: principalId, hash: await hashPassword(wanted.password) })
    .execute();
}

/** Opens a grant that isn't open; what a team or a group rule gives besides doesn't count. */
export async function applyGrant(application: Application, subject: { id: string; name: string }, wanted: SetupGrant): Promise<void> {
  const what = grantWords(wanted, subject.name);
  const place = placeOf(application, what, wanted);
  if (!place) return;
  const rows = await application.tx
    .selectFrom("role_grant")
    .select(["ended_by", isOpen.as("is_open")])
    .where("principal_id", "=", subject.id)
    .where("role", "=", wanted.role)
    .where("effect", "=", "allow")
    .where("source", "not in", ["team", "group_rule"])
    .where(isAt(place))
    .execute();
  if (rows.some((row) => row.is_open) || staysEnded(application, what, rows)) return;
  const row = grantRow(application, wanted, place);
  await application.tx
    .insertInto("role_grant")
    .values({ ...row, principal_id: subject.id })
    .execute();
  noteGrant(application, wanted, place, { id: row.id, what, name: subject.name });
}
