import "server-only";
import type { OpenStore, StoreFile, StoreMember } from "@/lib/artifacts/store-contract";
import { AppError } from "@/lib/kernel/errors";

// A log as one file. In stores whose files can't be appended to (Cloud Storage) clients write a folder of pieces, which are read one behind the
// other in order of their names, which are times.

const MAX_BYTES = 1024 * 1024 * 1024;
const MAX_PIECES = 10_000;

/** Opens the file or the folder of a log. Errors: as opening a store. */
export async function openLogFile(store: OpenStore, storeId: string, uri: string): Promise<StoreFile> {
  try {
    return await store.openFile(uri, MAX_BYTES, { mayGrow: true });
  } catch (error) {
    if (!(error instanceof AppError && error.reason === "file_gone")) throw error;
    const thing = await store.look(uri, { maxFiles: MAX_PIECES, maxBytes: MAX_BYTES });
    if (thing.kind === "file") throw error;
    return joined(store, { storeId, uri }, thing.members);
  }
}

function joined(store: OpenStore, { storeId, uri }: { storeId: string; uri: string }, pieces: readonly StoreMember[]): StoreFile {
  const ends: number[] = [];
  for (const { size } of pieces) ends.push((ends.at(-1) ?? 0) + size);
  const size = ends.at(-1) ?? 0;
  let open: { index: number; file: StoreFile } | undefined;
  const pieceOf = async (index: number): Promise<StoreFile> => {
    if (open?.index === index) return open.file;
    await open?.file.close();
    open = { index, file: await store.openMember(uri, (pieces[index] as StoreMember).name, MAX_BYTES) };
    return open.file;
  };
  return {
    size,
    modifiedMs: Date.now(),
    // Pieces are added, and at the end put into one: bytes stay where they are. Another workspace may name the same folder in a store of its own.
    identity: `${storeId}:folder:${uri}`,
    read: async (buffer, length, position) => {
      const index = ends.findIndex((end) => position < end);
      if (index === -1) return 0;
      const begin = ends[index - 1] ?? 0;
      return (await pieceOf(index)).read(buffer, Math.min(length, (ends[index] as number) - position), position - begin);
    },
    close: async () => open?.file.close(),
  };
}
