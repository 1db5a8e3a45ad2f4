import fs from "node:fs";
import { ENDPOINTS } from "@/lib/wire/zenml/endpoints";

const ROW = /^\| `[A-Z]+ \/.*$\n?/gm;
const HEAD = "| Operation | Permission | Audit |\n|---|---|---|\n";

/** docs/api.md with the wire's endpoint table as it is; the words around the table are written by hand. */
export function apiDocument(file: string): string {
  const text = fs.readFileSync(file, "utf8").replace(ROW, "");
  const rows = ENDPOINTS.map(({ method, path, permission, audit }) => `| \`${method} ${path}\` | \`${permission}\` | ${audit.replace(/^none: /, "– ")} |\n`);
  if (!text.includes(HEAD)) throw new Error(`${file} has no table of operations to fill.`);
  return text.replace(HEAD, () => HEAD + rows.join(""));
}
