/* The operator's command line. It works on the machine's own data, with the server running or not; whoever may read the keys may use it. */
import fs from "node:fs";
import { parseArgs } from "node:util";
import { closeDatabase } from "@/db/client";
import { whyNotReady } from "@/lib/jobs/readiness";
import { operatorActor } from "@/lib/identity/actor";
import { createEmergencyLink } from "@/lib/identity/emergency";
import { execute } from "@/lib/kernel/command";
import { environment } from "@/lib/kernel/env";
import { moveMasterKey } from "@/lib/master-key/move-now";
import { keepUnlocked, unlock } from "@/lib/master-key/outside-keys";
import { systemContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { applySetup } from "@/lib/setup/apply-setup";
import { openDatabase, prepareDatabase, StartError, takeLauncherLock } from "@/lib/setup/open-database";
import { readSetupFile } from "@/lib/setup/read-setup-file";
import { setupFileJsonSchema } from "@/lib/setup/setup-file";

const HELP = `Usage: npm exec reeve -- <command>

  apply <file> [--plan] [--restore]
      Brings the installation to what a set-up file (JSON or YAML, mode 0600) says: organization, workspaces,
      people, grants and service accounts. All of it or nothing; applying it again changes nothing; nothing is removed.
      --plan      says what would change, and changes nothing
      --restore   also brings back people, grants and workspaces that were ended by hand or by a directory
  emergency-login <e-mail address or name of a System Admin>
      Prints a link that signs this person in, once, within 15 minutes, for one hour: for when the usual way is broken.
      It is in the audit trail, and every System Admin sees a banner while the session lasts.
  rotate-master-key
      Makes another master key the one that seals, and moves what is sealed to it: the one that REEVE_MASTER_KEY names
      anew (with the old one in REEVE_OLD_MASTER_KEYS), or, where keys are files, a new file. Everything can be read
      meanwhile; interrupted, it goes on with the next call, or by itself while Reeve runs.
  schema
      Prints the set-up file's JSON Schema.
  help, version

Works while Reeve runs and while it doesn't. It uses the same environment as npm start: REEVE_DATA, DATABASE_URL, …
`;

class UsageError extends Error {
  override name = "UsageError";
}

/** Runs one command; returns the exit code. Throws errors that are sentences. */
export async function commandLine(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  switch (command) {
    case "apply":
      return apply(rest);
    case "emergency-login":
      return emergencyLogin(rest);
    case "rotate-master-key":
      return rotate(rest);
    case "schema":
      console.log(JSON.stringify(setupFileJsonSchema(), null, 2));
      return 0;
    case "version":
    case "--version":
      console.log((JSON.parse(fs.readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string }).version);
      return 0;
    case "help":
    case "--help":
    case "-h":
      console.log(HELP);
      return 0;
    default:
      console.error(command ? `There is no command ${command}.\n` : "Which command?\n");
      console.error(HELP);
      return 2;
  }
}

async function apply(args: string[]): Promise<number> {
  const { file, plan, restore } = applyArguments(args);
  const read = readSetupFile(file);
  const { changes, notes } = await withDatabase(() => applySetup(read, { plan, restore, origin: "cli" }));
  if (changes.length === 0) console.log("Nothing to change.");
  else console.log(plan ? "This would change:" : "Changed:");
  for (const change of changes) console.log(`  ${change}`);
  for (const note of notes) console.log(`  note: ${note}`);
  return 0;
}

function applyArguments(args: string[]): { file: string; plan: boolean; restore: boolean } {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { plan: { type: "boolean", default: false }, restore: { type: "boolean", default: false } },
    });
    if (positionals.length !== 1) throw new UsageError("Name one set-up file: npm exec reeve -- apply setup.json");
    return { file: positionals[0] as string, plan: values.plan, restore: values.restore };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${(error as Error).message.split(". ")[0]}.\n\n${HELP}`);
  }
}

async function emergencyLogin(args: string[]): Promise<number> {
  const [person, ...more] = args;
  if (!person || more.length > 0 || person.startsWith("-"))
    throw new UsageError("Name one System Admin by e-mail address or name: npm exec reeve -- emergency-login lena@example.com");
  const { link, expiresAt, name } = await withDatabase(async () => {
    const organization = await inScope([], (tx) => tx.selectFrom("organization").select("id").executeTakeFirst());
    if (!organization) throw new UsageError("This installation is not set up yet: npm start prints the set-up link.");
    return execute(createEmergencyLink, { actor: operatorActor(organization.id), request: systemContext("cli"), workspace: null }, { person });
  });
  console.log(`Opens a session of one hour as ${name}, once, until ${new Date(expiresAt).toISOString().slice(0, 16).replace("T", " ")} UTC:\n\n  ${link}\n`);
  return 0;
}

async function rotate(args: string[]): Promise<number> {
  if (args.length > 0) throw new UsageError("rotate-master-key takes no arguments: npm exec reeve -- rotate-master-key");
  const id = await withDatabase(async () => {
    const organization = await inScope([], (tx) => tx.selectFrom("organization").select("id").executeTakeFirst());
    if (!organization) throw new UsageError("This installation is not set up yet: npm start prints the set-up link.");
    return moveMasterKey({ actor: operatorActor(organization.id), request: systemContext("cli"), workspace: null }, (line) => console.log(line));
  });
  console.log(`Everything is sealed under the master key ${id}. Save it with your backups; those from before need the old one.`);
  return 0;
}

/** Opens the database for one piece of work: the running server's, or one that is started for it and stopped again. */
async function withDatabase<T>(work: () => Promise<T>): Promise<T> {
  environment();
  const open = await openDatabase();
  const isOurs = open.embedded !== undefined && !open.embedded.isAdopted;
  const lock = isOurs ? await takeLauncherLock(open.ownerUrl) : undefined;
  process.env.REEVE_APP_DATABASE_URL = open.appUrl;
  try {
    if (isOurs || !open.embedded) await prepareDatabase(open);
    else {
      const reason = await whyNotReady();
      if (reason) throw new StartError(`The running Reeve has another version's database: ${reason}. Restart it with this version first.`);
    }
    keepUnlocked();
    await unlock().catch(() => undefined); // whoever needs the key says what is wrong
    return await work();
  } finally {
    await closeDatabase();
    await lock?.release();
    if (isOurs) await open.embedded?.stop();
  }
}
