import "server-only";
import { AppError } from "@/lib/kernel/errors";
import { CHANGED, type ObjectFacts, type ObjectReader, ProviderError } from "@/lib/providers/connectors/contract";
import type { FolderLimits, OpenOptions, OpenStore, StoreFile, StoreMember } from "./store-contract";

// A store whose files are objects under keys: S3, and what else has a reader. A key is read only when it lies under the store's path, part by
// part, and no part is "." or "..": keys are names and not folders, but what is given out becomes folders again.

const FIRST_WINDOW = 256 * 1024;
const MOST_WINDOW = 4 * 1024 * 1024;
const MOST_KEY_BYTES = 1_024;
const MOST_PAGES = 200;

type Place = {
  /** Names the store for what is kept of its files. */
  id: string;
  /** The store's path as its component has it. */
  path: string;
};

/** A store of the objects under a path. `reader` is asked for once, when something is first read. */
export function objectStore({ id, path }: Place, reader: () => Promise<ObjectReader>): OpenStore {
  const root = path.replace(/\/+$/, "");
  const keyOf = (uri: string): string => {
    if (uri !== root && !uri.startsWith(`${root}/`)) throw outside();
    const key = uri.replace(/^[a-z0-9]+:\/\/[^/]*\/?/i, "").replace(/\/+$/, "");
    return requireName(key);
  };
  const told = async <T>(work: (objects: ObjectReader) => Promise<T>): Promise<T> => {
    try {
      return await work(await reader());
    } catch (error) {
      throw inStoresWords(error);
    }
  };
  const open = async (key: string, maxBytes: number, { mayGrow = false }: OpenOptions = {}): Promise<StoreFile> => {
    const facts = await told((objects) => objects.facts(key));
    if (!facts) throw fileGone();
    requireSize(facts.size, maxBytes);
    const read = (from: number, length: number) => told((objects) => objects.read(key, { from, length, version: mayGrow ? null : facts.version }));
    return fileOf(facts, `${id}:${key}${mayGrow ? "" : `:${facts.version}`}`, read);
  };
  return {
    openFile: async (uri, maxBytes, options) => open(keyOf(uri), maxBytes, options),
    look: async (uri, limits) => {
      const key = keyOf(uri);
      const facts = await told((objects) => objects.facts(key));
      if (facts) return { kind: "file", size: requireSize(facts.size, limits.maxBytes) };
      const members = await told((objects) => membersOf(objects, `${key}/`, limits));
      if (members.length === 0) throw fileGone();
      return { kind: "folder", members };
    },
    openMember: async (uri, name, maxBytes) => open(`${keyOf(uri)}/${requireName(name)}`, maxBytes),
  };
}

/** Reads ahead, more each time that the reading goes on where it was: calls cost more than bytes. */
function fileOf({ size, modifiedMs }: ObjectFacts, identity: string, load: (from: number, length: number) => Promise<Buffer>): StoreFile {
  let window: { from: number; bytes: Buffer } = { from: 0, bytes: Buffer.alloc(0) };
  let ahead = FIRST_WINDOW;
  return {
    size,
    modifiedMs,
    identity,
    read: async (buffer, length, position) => {
      const isHeld = position >= window.from && position < window.from + window.bytes.length;
      if (!isHeld && position < size) {
        ahead = position === window.from + window.bytes.length && position > 0 ? Math.min(ahead * 2, MOST_WINDOW) : FIRST_WINDOW;
        const wanted = Math.min(Math.max(ahead, length), MOST_WINDOW, size - position);
        window = { from: position, bytes: await load(position, wanted) };
      }
      const at = position - window.from;
      return position < size ? window.bytes.copy(buffer, 0, at, at + Math.min(length, size - position)) : 0;
    },
    close: async () => {
      window = { from: 0, bytes: Buffer.alloc(0) };
    },
  };
}

async function membersOf(objects: ObjectReader, prefix: string, { maxFiles, maxBytes }: FolderLimits): Promise<StoreMember[]> {
  const members: StoreMember[] = [];
  let bytes = 0;
  let next: string | null = null;
  let pages = 0;
  do {
    // A page may be short or empty; a store whose list never ends is none.
    if (++pages > MOST_PAGES) throw new AppError("too_large", "The artifact store lists the folder without an end.");
    const page = await objects.list(prefix, next);
    for (const { key, size } of page.objects) {
      // A mark that there is a folder, as consoles leave them.
      if (key.endsWith("/") && size === 0) continue;
      bytes += size;
      members.push({ name: requireName(key.slice(prefix.length)), size });
    }
    if (members.length > maxFiles) throw new AppError("too_large", `The folder has more than ${maxFiles} files.`);
    requireSize(bytes, maxBytes);
    next = page.next;
  } while (next);
  return members.sort((left, right) => (left.name < right.name ? -1 : 1));
}

/** Error: forbidden for a key that is no path down from where it begins. */
function requireName(name: string): string {
  const parts = name.split("/");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  if (parts.some((part) => part === "" || part === "." || part === "..") || /[\u0000-\u001f\u007f\\]/.test(name) || Buffer.byteLength(name) > MOST_KEY_BYTES)
    throw outside();
  return name;
}

function requireSize(size: number, maxBytes: number): number {
  if (size <= maxBytes) return size;
  throw new AppError("too_large", `There is more than ${Math.floor(maxBytes / 1024 / 1024)} MB, which is as much as the server reads.`, {
    fix: "Load it with the client, from where the artifact store can be reached.",
  });
}

/** What the other side said, as text that may be shown. */
function inStoresWords(error: unknown): unknown {
  // Its names are decoded as they come.
  if (error instanceof URIError || error instanceof RangeError) return unreachable("The artifact store’s answer can’t be read.", undefined, error);
  if (!(error instanceof ProviderError)) return error;
  if (error.code === CHANGED) return new AppError("conflict", "The file was written anew while it was read.", { fix: "Try again.", cause: error });
  const said = error.code ? `${error.message} (${error.code})` : error.message;
  return unreachable(`The artifact store could not be read: ${said}`, undefined, error);
}

const unreachable = (message: string, fix?: string, cause?: unknown) => new AppError("forbidden", message, { fix, cause, reason: "store_unreachable" });
const outside = () =>
  new AppError("forbidden", "The file is outside of artifact store bounds.", { fix: "It has to lie under the store's path.", reason: "outside_store" });
const fileGone = () => new AppError("not_found", "The file is not in its artifact store any more.", { reason: "file_gone" });
