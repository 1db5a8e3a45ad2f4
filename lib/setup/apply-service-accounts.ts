import "server-only";
/*
 * Service accounts of a set-up file. Invariant: a key is minted once and written once (0600); a key that exists but whose
 * file is missing is reported and not minted anew, since nobody could say who else holds it. A private file with a key
 * that nobody has is what a start left that was killed before its commit: its key is taken, and nothing is minted.
 */
import fs from "node:fs";
import path from "node:path";
import { type ApiKeyText, formatApiKey, hashApiKey, mintKeySecret, parseApiKey } from "@/lib/identity/api-key";
import { newId } from "@/lib/kernel/id";
import type { Tx } from "@/lib/kernel/transaction";
import type { Application } from "@/lib/setup/application";
import { applyGrant } from "@/lib/setup/apply-people";
import { readLeft, writeSecret } from "@/lib/setup/secret-file";
import type { SetupServiceAccount } from "@/lib/setup/setup-file";

const KEY_NAME = "setup";

/** Makes one service account with its grant and its key. Errors: conflict when the key can't be written. */
export async function applyServiceAccount(application: Application, wanted: SetupServiceAccount, directory: string): Promise<void> {
  const { tx } = application;
  const place = application.workspaces.get(wanted.workspace);
  const label = `service account ${wanted.name} of ${wanted.workspace}`;
  if (!place) {
    application.note(`${label}: there is no workspace ${wanted.workspace}`);
    return;
  }
  const existing = await tx
    .selectFrom("principal")
    .select(["id", "active", "ended_by"])
    .where("home_workspace_id", "=", place.id)
    .where("kind", "=", "service_account")
    .where((eb) => eb(eb.fn("lower", ["name"]), "=", wanted.name.toLowerCase()))
    .executeTakeFirst();
  if (existing && !existing.active && !(await restore(application, existing, label, place.id))) return;
  const id = existing?.id ?? newId();
  if (!existing) {
    await tx
      .insertInto("principal")
      .values({ id, organization_id: application.organizationId, kind: "service_account", home_workspace_id: place.id, name: wanted.name })
      .execute();
    application.changed(
      `create ${label}`,
      "service-account.created",
      { target: { type: "service-account", id, name: wanted.name }, after: { name: wanted.name } },
      place.id,
    );
  }
  await applyGrant(application, { id, name: wanted.name }, { role: wanted.role, workspace: wanted.workspace });
  await applyKey(application, { id, name: wanted.name, label }, place.id, path.resolve(directory, wanted.keyFile));
}

async function restore(application: Application, existing: { id: string; ended_by: string | null }, label: string, workspaceId: string): Promise<boolean> {
  if (!application.isRestoring && existing.ended_by !== "setup") {
    application.note(`${label} was ended by ${existing.ended_by === "directory" ? "a directory" : "a person"} and stays so (--restore brings it back)`);
    return false;
  }
  await application.tx.updateTable("principal").set({ active: true, ended_by: null, ended_at: null }).where("id", "=", existing.id).execute();
  application.changed(
    `restore ${label}`,
    "service-account.restored",
    { target: { type: "service-account", id: existing.id }, before: { active: false }, after: { active: true } },
    workspaceId,
  );
  return true;
}

async function applyKey(application: Application, account: { id: string; name: string; label: string }, workspaceId: string, file: string): Promise<void> {
  const { tx } = application;
  const key = await tx.selectFrom("api_key").select(["id", "active"]).where("principal_id", "=", account.id).where("name", "=", KEY_NAME).executeTakeFirst();
  if (key) {
    if (!key.active) application.note(`the key of ${account.label} is not active and stays so`);
    else if (!fs.existsSync(file))
      application.note(`the key of ${account.label} exists, but ${file} is missing; it is not minted anew: rotate it in Reeve if it is lost`);
    else if (parseApiKey(fs.readFileSync(file, "utf8").trim())?.id !== key.id)
      application.note(`${file} holds something else than the key of ${account.label}`);
    return;
  }
  const left = await leftKey(tx, file);
  const id = left?.id ?? newId();
  const secret = left?.key ?? mintKeySecret();
  await tx
    .insertInto("api_key")
    .values({
      id,
      organization_id: application.organizationId,
      principal_id: account.id,
      name: KEY_NAME,
      description: "Made by the set-up file",
      secret_hmac: hashApiKey(secret),
    })
    .execute();
  application.changed(
    left ? `take the key of ${account.label} from ${file}` : `create the key of ${account.label} in ${file}`,
    "api-key.created",
    { target: { type: "api-key", id, name: KEY_NAME }, after: { name: KEY_NAME, serviceAccount: account.name } },
    workspaceId,
  );
  if (!left) writeSecret(application, file, formatApiKey(id, secret), `The key of ${account.label}`);
}

/** The key in a private file that has no row yet. */
async function leftKey(tx: Tx, file: string): Promise<ApiKeyText | undefined> {
  const key = parseApiKey(readLeft(file) ?? "");
  if (!key || (await tx.selectFrom("api_key").select("id").where("id", "=", key.id).executeTakeFirst())) return undefined;
  return key;
}
