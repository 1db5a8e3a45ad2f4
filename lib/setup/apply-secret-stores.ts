import "server-only";
/* The secret store of a workspace in a set-up file: added, or changed to what the file says. It is not tried: nothing is called. */
import path from "node:path";
import type { Workspace } from "@/lib/kernel/command";
import type { Application } from "@/lib/setup/application";
import { perform } from "@/lib/setup/perform";
import { type ReadSetupFile, readPrivate } from "@/lib/setup/read-setup-file";
import type { SetupWorkspace } from "@/lib/setup/setup-file";
import { keepStore } from "@/lib/secret-stores/save-store";
import { storeTitle } from "@/lib/secret-stores/schema";

const FILE = /File$/;

/** Errors: invalid_input for settings that are none; conflict for files that can't be read; sealed without a master key. */
export async function applySecretStore(
  application: Application,
  { name, secretStore }: SetupWorkspace,
  { file, directory }: Pick<ReadSetupFile, "file" | "directory">,
): Promise<void> {
  const place = application.workspaces.get(name);
  if (!secretStore || !place) return;
  const { tx, organizationId } = application;
  const { type, ...given } = secretStore;
  const settings = Object.fromEntries(
    Object.entries(given).map(([key, value]) =>
      FILE.test(key) ? [key.replace(FILE, ""), readPrivate(path.resolve(directory, String(value)), file).trim()] : [key, value],
    ),
  );
  const workspace: Workspace = { id: place.id, slug: name, displayName: name, organizationId, state: "active" };
  const existing = await tx
    .selectFrom("secret_store")
    .select("id")
    .where("workspace_id", "=", place.id)
    .where("type", "=", type)
    .where("removed_at", "is", null)
    .orderBy("created_at", "desc")
    .limit(1)
    .executeTakeFirst();
  const line = `${existing ? "update" : "add"} the secret store ${storeTitle(type)} of ${name}`;
  await perform(application, keepStore, { type, settings, isTried: false, ...(existing ? { id: existing.id } : {}) }, line, workspace);
}
