import "server-only";
/*
 * Reads a set-up file and the password files it names. They hold secrets, so a file that others can read is refused.
 * Every problem is a sentence; no value of a secret field is ever in one.
 */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { parse as parseYaml } from "yaml";
import { passwordProblem, passwordSentence } from "@/lib/identity/password-rule";
import { type SetupFile, setupFileSchema } from "@/lib/setup/setup-file";
import { rolesOf } from "@/lib/setup/setup-file-roles";

const MAX_BYTES = 5_000_000;

/** The set-up file can't be used; one problem per line. */
export class SetupFileError extends Error {
  override name = "SetupFileError";

  constructor(file: string, problems: readonly string[]) {
    super([`The set-up file ${file} can't be applied:`, ...problems.map((problem) => `  ${problem}`)].join("\n"));
  }
}

export interface ReadSetupFile {
  file: string;
  /** Relative names in it start here. */
  directory: string;
  /** Of its bytes: the same content is applied at start only once. */
  sha256: Buffer;
  setup: SetupFile;
}

/** Reads, parses and checks. JSON, or YAML by the name's ending. Error: SetupFileError. */
export function readSetupFile(name: string): ReadSetupFile {
  const file = path.resolve(name);
  const text = readPrivate(file, file);
  let raw: unknown;
  try {
    raw = /\.ya?ml$/i.test(file) ? parseYaml(text) : JSON.parse(text);
  } catch (error) {
    // Parsers quote the text around the mistake, which may be a password: only the place is told.
    const place = /line \d+(, column \d+)?|position \d+/.exec((error as Error).message)?.[0];
    throw new SetupFileError(file, [`it isn't valid ${/\.ya?ml$/i.test(file) ? "YAML" : "JSON"}${place ? ` (at ${place})` : ""}.`]);
  }
  const parsed = setupFileSchema(rolesOf(raw)).safeParse(raw);
  if (!parsed.success) {
    throw new SetupFileError(
      file,
      parsed.error.issues.map((issue) => `${issue.path.join(".") || "the file"}: ${issue.message}`),
    );
  }
  const directory = path.dirname(file);
  const setup = { ...parsed.data, users: parsed.data.users.map((user) => ({ ...user, password: user.password ?? passwordOf(file, directory, user) })) };
  return { file, directory, sha256: createHash("sha256").update(text).digest(), setup };
}

function passwordOf(file: string, directory: string, user: SetupFile["users"][number]): string | undefined {
  if (!user.passwordFile) return undefined;
  const password = readPrivate(path.resolve(directory, user.passwordFile), file).split(/\r?\n/)[0] ?? "";
  const problem = passwordProblem(password, [user.email, user.name]);
  if (problem) throw new SetupFileError(file, [`the passwordFile of ${user.email}: ${passwordSentence(problem)}`]);
  return password;
}

/** The text of a file that holds secrets. Error: SetupFileError when others can read it, it is too large or not there. */
export function readPrivate(target: string, setupFile: string): string {
  try {
    const { mode, size } = fs.statSync(target);
    if (mode & 0o077) throw new SetupFileError(setupFile, [`${target} holds secrets and can be read by others. Run chmod 600 ${target}.`]);
    if (size > MAX_BYTES) throw new SetupFileError(setupFile, [`${target} is larger than ${MAX_BYTES / 1_000_000} MB.`]);
    return fs.readFileSync(target, "utf8");
  } catch (error) {
    if (error instanceof SetupFileError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw new SetupFileError(setupFile, [code === "ENOENT" ? `there is no file ${target}.` : `${target} can't be read (${code}).`]);
  }
}
