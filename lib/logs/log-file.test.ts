import { expect, it } from "vitest";
import type { OpenStore, StoreFile } from "@/lib/artifacts/store-contract";
import { AppError } from "@/lib/kernel/errors";
import { lineIndex, linesFrom } from "./line-index";
import { openLogFile } from "./log-file";

const fileOf = (text: string): StoreFile => ({
  size: text.length,
  modifiedMs: 0,
  identity: text,
  read: async (buffer, length, position) => Buffer.from(text.slice(position, position + length)).copy(buffer),
  close: async () => undefined,
});
const gone = () => new AppError("not_found", "gone", { reason: "file_gone" });

function folder(pieces: Record<string, string>): OpenStore {
  return {
    openFile: async () => {
      throw gone();
    },
    look: async () => {
      const members = Object.entries(pieces).map(([name, text]) => ({ name, size: text.length }));
      if (members.length === 0) throw gone();
      return { kind: "folder", members: members.sort((left, right) => (left.name < right.name ? -1 : 1)) };
    },
    openMember: async (_uri, name) => fileOf(pieces[name] as string),
  };
}

async function linesOf(store: OpenStore, first = 1, storeId = "one"): Promise<string[]> {
  const file = await openLogFile(store, storeId, "gs://lake/logs/1");
  const lines: string[] = [];
  for await (const line of linesFrom(file, await lineIndex(file), first)) lines.push(line.text);
  await file.close();
  return lines;
}

it("reads a folder of pieces as one log, in order of their times, also across the end of one and as it grows", async () => {
  const pieces: Record<string, string> = { "2.log": "c\nd", "1.log": "a\nb\n", "3.log": "" };
  expect(await linesOf(folder(pieces))).toEqual(["a", "b", "c", "d"]);
  pieces["4.log"] = "d\ne\n";
  expect(await linesOf(folder(pieces), 4)).toEqual(["dd", "e"]);
  expect(await linesOf(folder({ "5_merged.log": "a\nb\nc\ndd\ne\n" }))).toEqual(["a", "b", "c", "dd", "e"]);
});

it("says that there is neither a file nor a folder", async () => {
  await expect(openLogFile(folder({}), "one", "gs://lake/logs/1")).rejects.toMatchObject({ code: "not_found", reason: "file_gone" });
});

it("knows nothing of a folder of the same name in another store", async () => {
  const lines = Array.from({ length: 1_500 }, (_, at) => `line ${at}`).join("\n");
  await linesOf(folder({ "1.log": `x${"\n".repeat(1_400)}` }), 1, "theirs");
  expect((await linesOf(folder({ "1.log": lines }), 1_401, "ours"))[0]).toBe("line 1400");
});
