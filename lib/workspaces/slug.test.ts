import fs from "node:fs";
import path from "node:path";
import { expect, it } from "vitest";
import { RESERVED_NAMES, workspaceSlug } from "./slug";

/** First path segments that a folder of app/ serves; groups such as (console) add nothing to the path. */
function firstSegments(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || entry.name.startsWith("_") || entry.name.startsWith("[")) return [];
    return entry.name.startsWith("(") ? firstSegments(path.join(folder, entry.name)) : [entry.name];
  });
}

it("reserves every first name that app/ and public/ serve", () => {
  const served = firstSegments("app");
  expect(served).toContain("api");
  const files = fs.existsSync("public") ? fs.readdirSync("public").filter((name) => /^[a-z][a-z0-9-]*$/.test(name)) : [];
  expect([...served, ...files].filter((name) => !RESERVED_NAMES.has(name))).toEqual([]);
});

it.each(["api", "setup", "a", "1abc", "Abc", "a_b", "-ab", "a".repeat(64), "", "a b"])("refuses the slug %j", (name) => {
  expect(workspaceSlug.safeParse(name).success).toBe(false);
});

it.each(["ab", "fraud-detection", "a1", "a".repeat(63)])("takes the slug %j", (name) => {
  expect(workspaceSlug.safeParse(name).success).toBe(true);
});
