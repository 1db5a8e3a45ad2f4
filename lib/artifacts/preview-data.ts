import "server-only";
import { readStart } from "./read-file";
import { type ShownJson, type ShownTable, tableOf } from "./show-visualization";
import type { CallContext } from "@/lib/kernel/command";
import { openStore } from "./store";
import type { StoreFile } from "./store-contract";
import type { StoredVersion } from "./stored-files";

// The beginning of a version's data, where its files are text that a page can show: a table, JSON, or lines. Visualizations that lie among
// them are no data. What is no text (pickles, archives, Parquet) is named with its size and never parsed: those formats can run code or
// need a library that reads them.

const LIMITS = { maxFiles: 10_000, maxBytes: Number.MAX_SAFE_INTEGER };
const MAX_READ = 512 * 1024;
const MAX_LINES = 200;
const MAX_NAMED = 20;

export type ShownText = { kind: "text"; text: string; isCut: boolean; size: number };
export type DataPreview = {
  /** The file that is shown; null where none of them can be. */
  file: string | null;
  shown: ShownTable | ShownJson | ShownText | null;
  /** The files in order of their names, the first of them, and how many there are. */
  files: { name: string; size: number }[];
  count: number;
};

const WAYS: readonly (readonly [RegExp, (bytes: Buffer, size: number) => DataPreview["shown"]])[] = [
  [/\.(csv|tsv)$/i, (bytes, size) => tableOf(bytes, size)],
  [/\.json$/i, (bytes, size) => ({ kind: "json", text: bytes.toString("utf8"), isCut: bytes.length < size, size })],
  [/\.(jsonl|ndjson|txt|log|md|ya?ml|toml|ini|py|sql)$/i, textOf],
];

/** Reads the first file that can be shown. Errors: as opening a store, bad_request for what is not what its name says. */
export async function previewData(context: CallContext, version: StoredVersion): Promise<DataPreview> {
  const store = openStore(context, version.store);
  const thing = await store.look(version.uri, LIMITS);
  const name = version.uri.split("/").at(-1) || version.uri;
  const drawn = new Set(version.drawn);
  const isData = (file: string) => !drawn.has(`${version.uri.replace(/\/+$/, "")}/${file}`);
  const members = thing.kind === "file" ? [{ name, size: thing.size }] : thing.members.filter((one) => isData(one.name));
  const listed = { files: members.slice(0, MAX_NAMED), count: members.length };
  for (const [pattern, show] of WAYS) {
    const member = members.find((one) => pattern.test(one.name));
    if (!member) continue;
    const file = thing.kind === "file" ? await store.openFile(version.uri, LIMITS.maxBytes) : await store.openMember(version.uri, member.name, LIMITS.maxBytes);
    return { file: member.name, shown: show(await startOf(file), file.size), ...listed };
  }
  return { file: null, shown: null, ...listed };
}

async function startOf(file: StoreFile): Promise<Buffer> {
  try {
    return await readStart(file, MAX_READ);
  } finally {
    await file.close();
  }
}

function textOf(bytes: Buffer, size: number): ShownText {
  const lines = bytes.toString("utf8").split("\n");
  if (bytes.length < size && lines.length > 1) lines.pop(); // half of one
  return { kind: "text", text: lines.slice(0, MAX_LINES).join("\n"), isCut: bytes.length < size || lines.length > MAX_LINES, size };
}
