import "server-only";
import fs from "node:fs";
import path from "node:path";
import { type Command, commands } from "./command";
import { queries, type Query } from "./query";

// Every command and query that is defined anywhere in lib, for the tests that walk them.

const LIB = path.resolve(import.meta.dirname, "..");
/** A directory's lists are defined by what they have in common (lib/directories/queries.ts). */
const DEFINES = /\bdefine(Command|DataWrite|Query)\(|\blistOf</;

/** Loads every file that defines one. */
export async function allDefinitions(): Promise<{ command: Command[]; query: Query[] }> {
  for (const name of fs.readdirSync(LIB, { recursive: true, encoding: "utf8" }))
    if (
      /\.ts$/.test(name) &&
      !/\.test\.ts$/.test(name) &&
      !/^kernel[\\/](command|query)\.ts$/.test(name) &&
      DEFINES.test(fs.readFileSync(path.join(LIB, name), "utf8"))
    )
      await import(/* @vite-ignore */ path.join(LIB, name));
  return { command: [...commands.values()] as unknown as Command[], query: [...queries.values()] as unknown as Query[] };
}
