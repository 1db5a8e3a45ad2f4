import "server-only";
import { parse } from "csv-parse/sync";
import { AppError } from "@/lib/kernel/errors";
import { readStart } from "./read-file";
import type { CallContext } from "@/lib/kernel/command";
import { openStore } from "./store";
import type { StoredVisualization } from "./stored-files";

// What a visualization is shown as. Tables and JSON are data that our own components draw, within bounds; pictures, pages and Markdown get
// an address of their own. A picture is what its first bytes say, whatever its name; an SVG is only ever a picture.

export const MAX_VISUALIZATION = 16 * 1024 * 1024;
const MAX_TABLE = 2 * 1024 * 1024;
const MAX_JSON = 2 * 1024 * 1024;
const MAX_ROWS = 200;
const MAX_COLUMNS = 60;
const MAX_CELL = 1_000;

export type ShownTable = { kind: "table"; columns: string[]; rows: string[][]; isCut: boolean; size: number };
export type ShownJson = { kind: "json"; text: string; isCut: boolean; size: number };
/** Shown at an address of its own: in a frame that runs scripts (`page`) or not (`document`), or as a picture. */
export type ShownApart = { kind: "page" | "document" | "picture"; size: number };
export type Shown = ShownTable | ShownJson | ShownApart;

/** What to show; reads only what is shown. Errors: as opening a store, bad_request for what is not what it says. */
export async function showVisualization(context: CallContext, { uri, store, type }: StoredVisualization): Promise<Shown> {
  const isBounded = type === "csv" || type === "json";
  const file = await openStore(context, store).openFile(uri, isBounded ? Number.MAX_SAFE_INTEGER : MAX_VISUALIZATION);
  try {
    const { size } = file;
    if (type === "csv") return tableOf(await readStart(file, MAX_TABLE), size);
    if (type === "json") return { kind: "json", text: (await readStart(file, MAX_JSON)).toString("utf8"), isCut: size > MAX_JSON, size };
    if (type === "image") {
      pictureType(await readStart(file, 4096));
      return { kind: "picture", size };
    }
    return { kind: type === "html" ? "page" : "document", size };
  } finally {
    await file.close();
  }
}

/** The whole file, for its own address. */
export async function readVisualization(context: CallContext, { uri, store }: StoredVisualization): Promise<Buffer> {
  const file = await openStore(context, store).openFile(uri, MAX_VISUALIZATION);
  try {
    return await readStart(file, MAX_VISUALIZATION);
  } finally {
    await file.close();
  }
}

/** The first rows of a CSV, comma or tab separated, of which `bytes` are the beginning. Error: bad_request for what is none. */
export function tableOf(bytes: Buffer, size: number): ShownTable {
  const isPart = bytes.length < size;
  let rows: string[][];
  try {
    const [head = ""] = bytes.toString("utf8", 0, 4096).split("\n", 1);
    const delimiter = head.split("\t").length > head.split(",").length ? "\t" : ",";
    rows = parse(bytes, {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      bom: true,
      to_line: MAX_ROWS * 20,
      to: MAX_ROWS + 2,
    });
  } catch {
    throw new AppError("bad_request", "This is no CSV that can be read.", { fix: "Download it to look at it as it is." });
  }
  // The last row of a part may be half of one.
  if (isPart && rows.length <= MAX_ROWS + 1) rows.pop();
  const [columns = [], ...body] = rows;
  const width = Math.max(0, ...rows.map((row) => row.length));
  const cut = (row: string[]) => row.slice(0, MAX_COLUMNS).map((cell) => (cell.length > MAX_CELL ? `${cell.slice(0, MAX_CELL)}…` : cell));
  return {
    kind: "table",
    columns: cut(columns),
    rows: body.slice(0, MAX_ROWS).map(cut),
    isCut: isPart || body.length > MAX_ROWS || width > MAX_COLUMNS,
    size,
  };
}

const PICTURES: readonly (readonly [string, (bytes: Buffer) => boolean])[] = [
  ["image/png", (bytes) => bytes.subarray(0, 8).equals(Buffer.from("89504e470d0a1a0a", "hex"))],
  ["image/jpeg", (bytes) => bytes.subarray(0, 3).equals(Buffer.from("ffd8ff", "hex"))],
  ["image/gif", (bytes) => /^GIF8[79]a$/.test(bytes.toString("latin1", 0, 6))],
  ["image/webp", (bytes) => bytes.toString("latin1", 0, 4) === "RIFF" && bytes.toString("latin1", 8, 12) === "WEBP"],
  ["image/bmp", (bytes) => bytes.toString("latin1", 0, 2) === "BM"],
  ["image/svg+xml", (bytes) => isSvg(bytes.toString("utf8"))],
];

/** Whether the first element is `svg`, after what may stand before it. */
function isSvg(text: string): boolean {
  let rest = text.replace(/^\uFEFF/, "").trimStart();
  for (const [begin, end] of [["<?", "?>"], ...Array(20).fill(["<!--", "-->"]), ["<!DOCTYPE svg", ">"], ["<!--", "-->"]] as [string, string][])
    if (rest.startsWith(begin)) rest = rest.slice(Math.max(rest.indexOf(end), 0) + end.length).trimStart();
  return /^<svg[\s>]/.test(rest);
}

/** The media type of a picture by its bytes. Error: bad_request for anything else. */
export function pictureType(bytes: Buffer): string {
  const found = PICTURES.find(([, fits]) => fits(bytes))?.[0];
  if (!found) throw new AppError("bad_request", "This is no picture that a browser shows.", { fix: "Download the artifact to open it with its own program." });
  return found;
}
