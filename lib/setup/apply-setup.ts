import "server-only";
/*
 * Applies a set-up file in one transaction: all of it or nothing. Applying the same file again changes nothing. It only
 * adds and adjusts; who or what isn't in the file is left alone. Audited as the operator, one entry per change.
 */
import fs from "node:fs";
import { sql } from "kysely";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { systemContext } from "@/lib/kernel/request";
import { inScope, type Tx } from "@/lib/kernel/transaction";
import { Application } from "@/lib/setup/application";
import { applyUser } from "@/lib/setup/apply-people";
import { applyOrganization, applyWorkspace, knowOtherWorkspaces } from "@/lib/setup/apply-places";
import { applyDirectory, applyGroupRule } from "@/lib/setup/apply-directories";
import { applyRole } from "@/lib/setup/apply-roles";
import { applySecretStore } from "@/lib/setup/apply-secret-stores";
import { applySsoConnection } from "@/lib/setup/apply-sso-connections";
import { applyServiceAccount } from "@/lib/setup/apply-service-accounts";
import { applyTeam } from "@/lib/setup/apply-teams";
import type { ReadSetupFile } from "@/lib/setup/read-setup-file";
import type { SetupFile } from "@/lib/setup/setup-file";

export interface ApplyOptions {
  /** Says what would change and changes nothing. */
  plan?: boolean;
  /** Brings back people, grants, service accounts and workspaces that were ended by hand or by a directory. */
  restore?: boolean;
  /** Where it was asked for: the command line, or the start. */
  origin: "cli" | "system";
}

export interface Applied {
  changes: string[];
  notes: string[];
}

/** Carries a plan's outcome out of the transaction that it rolls back. */
class Planned extends Error {
  constructor(readonly outcome: Applied) {
    super("planned");
  }
}

/** Applies the file. Errors: conflict with a sentence (nothing was changed then). */
export async function applySetup(read: ReadSetupFile, options: ApplyOptions): Promise<Applied> {
  let written: string[] = [];
  try {
    return await inScope([], async (tx) => {
      removeFiles(written); // of an attempt that was rolled back and is tried again
      await sql`select pg_advisory_xact_lock(hashtext('reeve set-up'))`.execute(tx);
      // Only now, as another application may have made workspaces while this one waited for the lock.
      await sql`select set_config('reeve.workspaces', (select string_agg(id::text, ',') from workspace), true)`.execute(tx);
      const application = new Application(
        tx,
        await organizationId(tx, read.setup),
        systemContext(options.origin),
        options.restore === true,
        options.plan === true,
      );
      written = application.written;
      await applyAll(application, read);
      const outcome = { changes: application.changes, notes: application.notes };
      if (options.plan) throw new Planned(outcome);
      await tx
        .insertInto("setup_applied")
        .values({ sha256: read.sha256 })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      await application.writeAudit();
      return outcome;
    });
  } catch (error) {
    if (error instanceof Planned) return error.outcome;
    removeFiles(written);
    throw error;
  }
}

async function applyAll(application: Application, { setup, file, directory }: ReadSetupFile): Promise<void> {
  await applyOrganization(application, setup);
  for (const workspace of setup.workspaces) await applyWorkspace(application, workspace);
  await knowOtherWorkspaces(application);
  for (const workspace of setup.workspaces) await applySecretStore(application, workspace, { file, directory });
  for (const role of setup.roles) await applyRole(application, role);
  for (const user of setup.users) await applyUser(application, user);
  for (const account of setup.serviceAccounts) await applyServiceAccount(application, account, directory);
  for (const team of setup.teams) await applyTeam(application, team);
  for (const wanted of setup.directories) await applyDirectory(application, wanted, directory);
  for (const wanted of setup.ssoConnections) await applySsoConnection(application, wanted, { file, directory });
  for (const rule of setup.groupRules) await applyGroupRule(application, rule);
}

/** The installation's one organization, or the id of the one that is going to be made. */
async function organizationId(tx: Tx, setup: SetupFile): Promise<string> {
  const existing = await tx.selectFrom("organization").select("id").executeTakeFirst();
  if (existing) return existing.id;
  if (!setup.users.some((user) => user.grants.some((grant) => grant.role === "system-admin"))) {
    throw new AppError("conflict", "The set-up file makes an organization without a System Admin: nobody could administer it.", {
      fix: 'Give one of its users the grant { "role": "system-admin" }.',
    });
  }
  return newId();
}

function removeFiles(files: string[]): void {
  for (const file of files.splice(0)) fs.rmSync(file, { force: true });
}
