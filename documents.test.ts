import fs from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { ENDPOINTS } from "@/lib/wire/zenml/endpoints";
import { setupFileSchema } from "@/lib/setup/setup-file";
import { rolesOf } from "@/lib/setup/setup-file-roles";

// The documents say what the code does: links lead somewhere, tables are complete, examples are accepted.

const ROOT = import.meta.dirname;
const read = (file: string) => fs.readFileSync(path.join(ROOT, file), "utf8");
const documents = [
  "README.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...fs.readdirSync(path.join(ROOT, "docs"), { recursive: true, encoding: "utf8" }).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));

/** Headings as the anchors that GitHub makes of them. */
const anchorsOf = (text: string) =>
  [...text.matchAll(/^#+ (.+)$/gm)].map((match) =>
    (match[1] as string)
      .toLowerCase()
      .replace(/[^\p{L}\p{N} -]/gu, "")
      .replaceAll(" ", "-"),
  );

describe.each(documents)("%s", (name) => {
  it("links to what is there", () => {
    const text = read(name).replace(/^```.*?^```$/gms, "");
    const broken = [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)]
      .map((match) => match[1] as string)
      .filter((target) => {
        const [file = "", anchor] = target.split("#");
        const found = path.join(ROOT, path.dirname(name), file || path.basename(name));
        return !fs.existsSync(found) || (anchor !== undefined && !anchorsOf(fs.readFileSync(found, "utf8")).includes(anchor));
      });
    expect(broken).toEqual([]);
  });
});

it("docs/operations.md names every variable, and no other", () => {
  const known = [...read("lib/kernel/env.ts").matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map((match) => match[1]);
  const told = [...read("docs/operations.md").matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  expect(known.length).toBeGreaterThan(10);
  expect(told.sort()).toEqual(known.sort());
});

it("docs/api.md has the wire's table as it is", () => {
  const told = read("docs/api.md").match(/^\| `[A-Z]+ \/.*$/gm) ?? [];
  const served = ENDPOINTS.map(({ method, path, permission, audit }) => `| \`${method} ${path}\` | \`${permission}\` | ${audit.replace(/^none: /, "– ")} |`);
  expect(told).toEqual(served);
});

it.each(["README.md", "docs/setup-file.md"])("%s shows a set-up file that is one", (name) => {
  const text = read(name);
  const example = /```json\n(.*?)```/s.exec(text)?.[1] ?? /<<'END'\n(\{.*?)END$/ms.exec(text)?.[1];
  const file: unknown = JSON.parse(example ?? "null");
  const parsed = setupFileSchema(rolesOf(file)).safeParse(file);
  expect(parsed.error?.issues).toBeUndefined();
});

it("docs/setup-file.md names every field", () => {
  const text = read("docs/setup-file.md");
  const fields = (schema: { shape: object }) => Object.keys(schema.shape);
  const file = setupFileSchema(rolesOf(null));
  const item = (name: "workspaces" | "users" | "serviceAccounts" | "roles") => fields(file.shape[name].unwrap().element as never);
  const all = [...fields(file), ...item("workspaces"), ...item("users"), ...item("serviceAccounts"), ...item("roles")];
  expect(all.length).toBeGreaterThan(10);
  expect(all.filter((field) => !new RegExp(`\\b${field}\\b`).test(text))).toEqual([]);
});
