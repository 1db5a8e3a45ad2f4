import "server-only";
import path from "node:path";
import { environment } from "@/lib/kernel/env";
import { keysDirectory } from "@/lib/kernel/keys";

// Where an installation keeps its things, for the operator who sets it up. Never a password, never a key.

export type Places = {
  dataDirectory: string;
  /** In words. */
  database: string;
  masterKey: string;
  /** The command that copies the master key; undefined when it is not a file of ours. */
  backupCommand?: string;
};

/** The places of this installation. */
export function getPlaces(): Places {
  const { dataDirectory, appDatabaseUrl, masterKey } = environment();
  const file = path.join(keysDirectory(), "master.key");
  return {
    dataDirectory,
    database: databaseInWords(dataDirectory, appDatabaseUrl),
    masterKey: masterKey ? "from the environment (REEVE_MASTER_KEY)" : file,
    backupCommand: masterKey ? undefined : `install -m 600 ${quoted(file)} /path/to/a/safe/place/reeve-master.key`,
  };
}

function databaseInWords(dataDirectory: string, url: string | undefined): string {
  if (!url) return "not known";
  const parsed = new URL(url.replace("@/", "@localhost/"));
  const folder = parsed.searchParams.get("host");
  if (folder?.startsWith("/"))
    return folder.startsWith(dataDirectory) ? `embedded PostgreSQL in ${path.join(dataDirectory, "pg")}` : `PostgreSQL on the socket in ${folder}`;
  return `PostgreSQL at ${parsed.host}, database ${parsed.pathname.slice(1)}`;
}

const quoted = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
