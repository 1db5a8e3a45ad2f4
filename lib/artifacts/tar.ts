import "server-only";

// Writes a POSIX tar (pax interchange): names of any length and script, sizes over 8 GB. Regular files only.

const BLOCK = 512;
export type TarMember = { name: string; size: number; modifiedMs: number; pieces: AsyncIterable<Buffer> };

/** The archive's bytes, member by member. Each member's pieces must hold exactly `size` bytes. */
export async function* tar(members: AsyncIterable<TarMember>): AsyncGenerator<Buffer> {
  for await (const { name, size, modifiedMs, pieces } of members) {
    const modifiedS = Math.floor(modifiedMs / 1000);
    const isPlain = /^[\x20-\x7e]{1,100}$/.test(name) && size < 0o77777777777;
    if (!isPlain) {
      const facts = Buffer.from(paxRecord("path", name) + paxRecord("size", String(size)));
      yield header("pax", facts.length, modifiedS, "x");
      yield padded(facts);
    }
    yield header(isPlain ? name : "file", size, modifiedS, "0");
    yield* pieces;
    yield Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
  }
  yield Buffer.alloc(BLOCK * 2);
}

function header(name: string, size: number, modifiedS: number, type: "0" | "x"): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, length: number) => block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  block.write(name, 0, 100, "latin1");
  octal(0o644, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(size < 0o77777777777 ? size : 0, 124, 12);
  octal(Math.max(0, modifiedS), 136, 12);
  block.fill(" ", 148, 156);
  block.write(type, 156, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  let sum = 0;
  for (const byte of block) sum += byte;
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

/** `<length> <key>=<value>\n`, where the length counts itself. */
function paxRecord(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length !== length) length = bytes + String(length).length;
  return `${length}${rest}`;
}

const padded = (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
