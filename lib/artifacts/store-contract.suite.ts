import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { piecesOf, readStart } from "./read-file";
import type { OpenStore, StoreFile } from "./store-contract";

// What every kind of artifact store has to keep to, whatever lies under it: a disk, a server that speaks like S3, a real one.

export interface StoreCase {
  store: OpenStore;
  /** The URI of a name under the store's path. */
  uri: (name: string) => string;
  /** Puts a file there, over one that is there. */
  write: (name: string, bytes: Buffer) => Promise<void>;
  /** A file that is there and lies outside of the store's path: beside it, above it, with a name that begins like it. */
  outside: readonly string[];
  stop?: () => Promise<void>;
}

const MOST = 100 * 1024 * 1024;
const LIMITS = { maxFiles: 100, maxBytes: MOST };
const NAMES = ["plain.txt", "with space & plus+percent%41.txt", "ünï 日本 (1)!*'.txt", "deep/er/file.bin", "empty"];

const whole = async (file: StoreFile): Promise<Buffer> => {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of piecesOf(file)) pieces.push(Buffer.from(piece));
  } finally {
    await file.close();
  }
  return Buffer.concat(pieces);
};

/** Declares the tests of one kind. `open` starts what it needs. */
export function storeSuite(name: string, open: () => StoreCase | Promise<StoreCase>): void {
  describe(`an artifact store: ${name}`, () => {
    let at: StoreCase;
    beforeAll(async () => {
      at = await open();
      for (const file of NAMES) await at.write(`art/${file}`, Buffer.from(file === "empty" ? "" : `content of ${file}`));
    });
    afterAll(() => at?.stop?.());

    it("gives each file whole, whatever its name", async () => {
      for (const file of NAMES) {
        const opened = await at.store.openFile(at.uri(`art/${file}`), MOST);
        expect(opened.modifiedMs).toBeGreaterThan(Date.parse("2020-01-01"));
        expect((await whole(opened)).toString(), file).toBe(file === "empty" ? "" : `content of ${file}`);
      }
    });

    it("reads any part of a long file, forwards, backwards and across", async () => {
      const bytes = Buffer.alloc(9_000_000, "0123456789abcdef#");
      await at.write("long.bin", bytes);
      const file = await at.store.openFile(at.uri("long.bin"), MOST);
      expect(file.size).toBe(bytes.length);
      const buffer = Buffer.alloc(300_000);
      for (const [position, length] of [
        [0, 10],
        [8_999_990, 100],
        [5_000_000, 300_000],
        [4_999_000, 2_000],
        [262_140, 20],
      ] as const) {
        let read = 0;
        while (read < Math.min(length, bytes.length - position)) {
          const got = await file.read(buffer.subarray(read), length - read, position + read);
          expect(got).toBeGreaterThan(0);
          read += got;
        }
        expect(buffer.subarray(0, read).equals(bytes.subarray(position, position + read)), `at ${position}`).toBe(true);
      }
      expect(await file.read(buffer, 10, bytes.length)).toBe(0);
      expect((await whole(file)).equals(bytes)).toBe(true);
    });

    it("names what lies under a folder, each to be opened by its name", async () => {
      const thing = await at.store.look(at.uri("art"), LIMITS);
      if (thing.kind !== "folder") throw new Error("a folder was there");
      expect(thing.members.map((member) => member.name)).toEqual([...NAMES].sort());
      for (const member of thing.members) {
        const file = await at.store.openMember(at.uri("art/"), member.name, MOST);
        expect(file.size).toBe(member.size);
        await file.close();
      }
      expect(await at.store.look(at.uri("art/plain.txt"), LIMITS)).toEqual({ kind: "file", size: "content of plain.txt".length });
    });

    it("says what is not there", async () => {
      for (const name of ["missing", "art/missing.txt", "ar", "art/plain"]) {
        await expect(at.store.openFile(at.uri(name), MOST), name).rejects.toMatchObject({ code: "not_found", reason: "file_gone" });
        await expect(at.store.look(at.uri(name), LIMITS), name).rejects.toMatchObject({ code: "not_found", reason: "file_gone" });
      }
    });

    it("stops at its limits", async () => {
      await expect(at.store.openFile(at.uri("art/plain.txt"), 5)).rejects.toMatchObject({ code: "too_large" });
      await expect(at.store.look(at.uri("art"), { ...LIMITS, maxFiles: 2 })).rejects.toMatchObject({ code: "too_large" });
      await expect(at.store.look(at.uri("art"), { ...LIMITS, maxBytes: 20 })).rejects.toMatchObject({ code: "too_large" });
    });

    it("reads nothing outside of its path, by whatever name", async () => {
      const beside = at.outside.flatMap((uri) => [uri, `${uri}/`]);
      const climbing = ["../outside.txt", "art/../../outside.txt", "art/../art/../../outside.txt", ".."].map(at.uri);
      for (const uri of [...beside, ...climbing, "/etc/passwd", "file:///etc/passwd", "", "art/plain.txt"]) {
        await expect(at.store.openFile(uri, MOST), uri).rejects.toMatchObject({ code: "forbidden", reason: "outside_store" });
        await expect(at.store.look(uri, LIMITS), uri).rejects.toMatchObject({ code: "forbidden" });
      }
      for (const name of ["../long.bin", "../../outside.txt", "a/../../long.bin", "/etc/passwd", ".."])
        await expect(at.store.openMember(at.uri("art"), name, MOST), name).rejects.toMatchObject({ code: "forbidden" });
    });

    it("goes on reading a file that grows, and says the same of it", async () => {
      await at.write("growing.log", Buffer.from("one\n"));
      const first = await at.store.openFile(at.uri("growing.log"), MOST, { mayGrow: true });
      await at.write("growing.log", Buffer.from("one\ntwo\n"));
      expect((await readStart(first, MOST)).toString()).toBe("one\n");
      await first.close();
      const again = await at.store.openFile(at.uri("growing.log"), MOST, { mayGrow: true });
      expect(again.identity).toBe(first.identity);
      expect((await whole(again)).toString()).toBe("one\ntwo\n");
    });

    it("never mixes two versions of a file", async () => {
      const [old, young] = [Buffer.alloc(3_000_000, "o"), Buffer.alloc(3_000_000, "y")];
      await at.write("swapped.bin", old);
      const file = await at.store.openFile(at.uri("swapped.bin"), MOST);
      const start = await readStart(file, 1_000);
      await at.write("swapped.bin", young);
      const rest = await whole(file).catch((error) => error as { code: string });
      expect(start.equals(old.subarray(0, 1_000))).toBe(true);
      if (Buffer.isBuffer(rest)) expect(new Set(rest).size).toBe(1);
      else expect(rest.code).toBe("conflict");
    });
  });
}
