import "server-only";
import { createGzip } from "node:zlib";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { piecesOf } from "./read-file";
import type { CallContext } from "@/lib/kernel/command";
import { openStore } from "./store";
import type { OpenStore } from "./store-contract";
import type { StoredVersion } from "./stored-files";
import { type TarMember, tar } from "./tar";

// A version's files as an attachment: one file as it is, a folder as a gzipped tar with exactly the files that were listed. Each file is
// checked again when it is opened, so what was swapped meanwhile ends the download instead of going with it.

/** What one download may hold. */
export const DOWNLOAD_LIMITS = { maxFiles: 10_000, maxBytes: 4 * 1024 * 1024 * 1024 };

/** Whether the files can be given out, before an address is made for them. Errors: as opening a store. */
export async function requireDownloadable(context: CallContext, version: StoredVersion): Promise<{ files: number; bytes: number }> {
  const thing = await openStore(context, version.store).look(version.uri, DOWNLOAD_LIMITS);
  if (thing.kind === "file") return { files: 1, bytes: thing.size };
  return { files: thing.members.length, bytes: thing.members.reduce((sum, { size }) => sum + size, 0) };
}

/** The attachment. `asArchive`: a single file comes in an archive too, as clients expect. Errors: as opening a store. */
export async function downloadOf(context: CallContext, version: StoredVersion, { asArchive = false } = {}): Promise<Response> {
  const store = openStore(context, version.store);
  const thing = await store.look(version.uri, DOWNLOAD_LIMITS);
  const base = `${version.name}-${version.version}`;
  if (thing.kind === "file") {
    const extension = /\.[A-Za-z0-9]{1,10}$/.exec(version.uri)?.[0] ?? "";
    if (asArchive) return archive(base, tar(members(store, version.uri, [baseName(version.uri)], true)));
    const file = await store.openFile(version.uri, DOWNLOAD_LIMITS.maxBytes);
    const headers = attachment(`${base}${extension}`, "application/octet-stream");
    return new Response(streamOf(piecesOf(file), file.close), { headers: { ...headers, "content-length": String(file.size) } });
  }
  return archive(
    base,
    tar(
      members(
        store,
        version.uri,
        thing.members.map(({ name }) => name),
        false,
      ),
    ),
  );
}

async function* members(store: OpenStore, uri: string, names: string[], isFile: boolean): AsyncGenerator<TarMember> {
  let left = DOWNLOAD_LIMITS.maxBytes;
  for (const name of names) {
    const file = isFile ? await store.openFile(uri, left) : await store.openMember(uri, name, left);
    left -= file.size;
    try {
      yield { name, size: file.size, modifiedMs: file.modifiedMs, pieces: piecesOf(file) };
    } finally {
      await file.close();
    }
  }
}

function archive(name: string, bytes: AsyncGenerator<Buffer>): Response {
  const gzip = createGzip({ level: 1 });
  // A failure destroys the stream: the browser then says that the download failed, instead of keeping half of it.
  pipeline(Readable.from(bytes, { objectMode: false }), gzip).catch(() => undefined);
  return new Response(
    streamOf(gzip, async () => void gzip.destroy()),
    { headers: attachment(`${name}.tar.gz`, "application/gzip") },
  );
}

/** A web stream of pieces that ends its source when the reader goes away. */
function streamOf(pieces: AsyncIterable<Buffer>, close: () => Promise<void>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  const end = async () => {
    await iterator.return?.();
    await close();
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await iterator.next();
        if (!next.done) return controller.enqueue(next.value);
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      await end();
    },
    cancel: end,
  });
}

/** Headers of a file that is kept, never shown. The name keeps letters, digits, dots and dashes; the full one follows in UTF-8. */
function attachment(name: string, type: string): Record<string, string> {
  const plain = name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+/, "") || "artifact";
  const full = encodeURIComponent(name.replace(/[\p{C}/\\]/gu, "")).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return {
    "content-type": type,
    "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${full}`,
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
  };
}

const baseName = (uri: string) => uri.replace(/\/+$/, "").split("/").at(-1) ?? "file";
