import "server-only";
import type { StoreFile } from "./store-contract";

// Reading an open file whole, in part, or piece by piece.

const PIECE = 256 * 1024;

/** The first `most` bytes. */
export async function readStart(file: StoreFile, most: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(Math.min(most, file.size));
  let at = 0;
  while (at < buffer.length) {
    const piece = buffer.subarray(at);
    const bytes = await file.read(piece, piece.length, at);
    if (bytes === 0) break;
    at += bytes;
  }
  return buffer.subarray(0, at);
}

/** Exactly `file.size` bytes, as they were when it was opened: one that shrank ends with an error, one that grew is cut. */
export async function* piecesOf(file: StoreFile): AsyncGenerator<Buffer> {
  for (let at = 0; at < file.size; ) {
    const buffer = Buffer.allocUnsafe(Math.min(PIECE, file.size - at));
    const bytes = await file.read(buffer, buffer.length, at);
    if (bytes === 0) throw new Error("the file became shorter while it was read");
    at += bytes;
    yield buffer.subarray(0, bytes);
  }
}
