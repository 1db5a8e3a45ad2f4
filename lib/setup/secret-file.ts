import "server-only";
/* The files in which a set-up's secrets are given to the operator: written once, 0600, and removed when the application doesn't commit. */
import fs from "node:fs";
import { AppError } from "@/lib/kernel/errors";
import { writeOnce } from "@/lib/kernel/keys";
import type { Application } from "@/lib/setup/application";

/** The text of a private file that is there; what a start left that was killed before its commit. Undefined when others may read it. */
export function readLeft(file: string): string | undefined {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  return stat?.isFile() && (stat.mode & 0o777) === 0o600 ? fs.readFileSync(file, "utf8").trim() : undefined;
}

/** Writes a secret; a plan writes nothing. Errors: conflict when a file is there already or can't be written. */
export function writeSecret(application: Application, file: string, text: string, what: string): void {
  if (fs.existsSync(file)) throw new AppError("conflict", `${what} is new, but ${file} exists.`, { fix: "Move that file away: nothing is written over it." });
  if (application.isPlan) return;
  try {
    writeOnce(file, `${text}\n`);
    application.written.push(file);
  } catch (cause) {
    throw new AppError("conflict", `The file ${file} can't be written (${(cause as NodeJS.ErrnoException).code}).`, {
      cause,
      fix: "Make its folder, or name another file.",
    });
  }
}
