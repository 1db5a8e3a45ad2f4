import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { Actor } from "@/lib/identity/actor";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { inScope } from "@/lib/kernel/transaction";
import { logText, readLog, readRows, stepThroughLog } from "./read-log";

// A log is read from its own file, in its workspace's folder, whatever its record says; pages are found in files of a million lines.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
useTestDatabase();
let organization: TestOrganization;
let vic: Actor;
let things: TestThings;
let root: string;
let storeId: string;
const everything = { first: 1, limit: 10, filter: { minLevel: null, search: null } };

beforeAll(async () => {
  organization = await makeTestOrganization();
  const { workspace } = organization.own;
  vic = await makePerson(organization.id, "viewer", workspace.id);
  things = await makeThings(organization.own, vic.id);
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "reeve-stores-")));
  storeId = await addStore(null);
  use(root);
});

afterAll(() => {
  fs.rmSync(root, { recursive: true, force: true });
  delete process.env.REEVE_LOCAL_ARTIFACT_ROOTS;
  forgetEnvironment();
});

function use(folder: string | null): void {
  process.env.REEVE_LOCAL_ARTIFACT_ROOTS = folder ? `${organization.own.workspace.slug}=${folder}` : "";
  forgetEnvironment();
}

const context = () => ({ ...callAs(vic), workspace: organization.own.workspace });

async function addStore(folder: string | null, flavorName = "local", configuration: object = folder ? { path: folder } : {}): Promise<string> {
  const id = newId();
  const workspaceId = organization.own.workspace.id;
  await inScope([workspaceId], async (tx) => {
    const flavor = await tx.selectFrom("flavor").select("id").where("name", "=", flavorName).where("type", "=", "artifact_store").executeTakeFirstOrThrow();
    await tx
      .insertInto("component")
      .values({
        id,
        workspace_id: workspaceId,
        name: `store-${id}`,
        type: "artifact_store",
        flavor_id: flavor.id,
        configuration: JSON.stringify(configuration),
      })
      .execute();
  });
  return id;
}

/** A record whose file holds `text`, at the path that the client would use unless another is given. */
async function addLog(text: string | null, options: { id?: string; uri?: string; store?: string } = {}): Promise<string> {
  const id = options.id ?? newId();
  const store = options.store ?? storeId;
  const uri = options.uri ?? path.join(root, store, "logs", `${id}.log`);
  if (text !== null) {
    fs.mkdirSync(path.dirname(uri), { recursive: true });
    fs.writeFileSync(uri, text);
  }
  const { workspace, projectId } = organization.own;
  await inScope([workspace.id], (tx) =>
    tx
      .insertInto("log_record")
      .values({
        id,
        workspace_id: workspace.id,
        project_id: projectId,
        source: "step",
        uri,
        artifact_store_id: store,
        run_id: things.runId,
        created_by: vic.id,
      })
      .execute(),
  );
  return id;
}

const line = (message: string, level = 20) =>
  `${JSON.stringify({ message, level, timestamp: "2026-11-22T18:38:01.354238Z", chunk_index: 0, total_chunks: 1 })}\n`;

describe("reading", () => {
  it("gives the client's lines and any other text, with their numbers", async () => {
    const id = await addLog(`${line("loading")}plain text\r\n${line("late", 40)}{"broken": `);
    const page = await readLog(context(), id, everything);
    expect(page.lines.map(({ number, message, level }) => [number, message, level])).toEqual([
      [1, "loading", 20],
      [2, "plain text", null],
      [3, "late", 40],
      [4, '{"broken": ', null],
    ]);
    expect(page).toMatchObject({ total: 4, next: null, matches: null, isWhole: true });
  });

  it("pages, filters by level, counts what a search finds, and reads the newest", async () => {
    const id = await addLog(Array.from({ length: 2_500 }, (_, at) => line(`line ${at + 1}`, at % 100 === 99 ? 40 : 20)).join(""));
    expect(await readLog(context(), id, { ...everything, first: 1_995 })).toMatchObject({
      total: 2_500,
      next: 2_005,
      lines: [{ message: "line 1995" }, {}, {}, {}, {}, {}, {}, {}, {}, {}],
    });
    const errors = await readLog(context(), id, { ...everything, first: 1_950, filter: { minLevel: 40, search: null } });
    expect(errors).toMatchObject({ matches: 6, isWhole: true, next: null });
    expect(errors.lines.map(({ number }) => number)).toEqual([2_000, 2_100, 2_200, 2_300, 2_400, 2_500]);
    expect(await readLog(context(), id, { ...everything, limit: 1, filter: { minLevel: null, search: "LINE 777" } })).toMatchObject({
      matches: 1,
      lines: [{ number: 777 }],
    });
    expect((await readLog(context(), id, { ...everything, first: "newest", limit: 2 })).lines.map(({ number }) => number)).toEqual([2_499, 2_500]);
  });

  it("goes on from match to match", async () => {
    const id = await addLog(Array.from({ length: 300 }, (_, at) => line(at % 100 === 50 ? "needle" : "hay")).join(""));
    const filter = { minLevel: null, search: "needle" };
    const one = await readLog(context(), id, { first: 1, limit: 1, filter });
    expect(one).toMatchObject({ matches: 3, next: 151, lines: [{ number: 51 }] });
    const two = await readLog(context(), id, { first: one.next ?? 0, limit: 1, filter });
    expect(two).toMatchObject({ matches: 2, next: 251, lines: [{ number: 151 }] });
    expect(await readLog(context(), id, { first: two.next ?? 0, limit: 1, filter })).toMatchObject({ matches: 1, next: null, lines: [{ number: 251 }] });
  });

  it("cuts a line that has no end, without holding it", async () => {
    const id = await addLog(`${"x".repeat(3_000_000)}\nafter\n`);
    const page = await readLog(context(), id, everything);
    expect(page.lines.map(({ number }) => number)).toEqual([1, 2]);
    expect(page.lines[0]?.message.length).toBeLessThan(70_000);
    expect(page.lines[1]?.message).toBe("after");
  });

  it("ends a page of long lines before its limit", async () => {
    const id = await addLog(`${"y".repeat(60_000)}\n`.repeat(400));
    const page = await readLog(context(), id, { ...everything, limit: 400 });
    expect(page.lines.length).toBeLessThan(200);
    expect(page.next).toBe(page.lines.length + 1);
  });

  it("goes on where a growing file ended, and starts over in one that was cut", async () => {
    const id = await addLog(`${line("one")}half a li`);
    const uri = path.join(root, storeId, "logs", `${id}.log`);
    expect((await readLog(context(), id, everything)).lines.map(({ message }) => message)).toEqual(["one", "half a li"]);
    fs.appendFileSync(uri, `ne\n${Array.from({ length: 1_200 }, (_, at) => line(`more ${at}`)).join("")}`);
    expect(await readLog(context(), id, { ...everything, first: 1_202 })).toMatchObject({ total: 1_202, lines: [{ number: 1_202, message: "more 1199" }] });
    expect((await readLog(context(), id, everything)).lines[1]?.message).toBe("half a line");
    fs.writeFileSync(uri, line("new"));
    expect(await readLog(context(), id, everything)).toMatchObject({ total: 1, lines: [{ message: "new" }] });
  });

  it("finds a page in the middle of a million lines", async () => {
    const id = await addLog(null);
    const uri = path.join(root, storeId, "logs", `${id}.log`);
    const block = Array.from({ length: 10_000 }, () => "x".repeat(60)).join("\n");
    for (let at = 0; at < 100; at++) fs.appendFileSync(uri, `${block}\n`);
    const page = await readLog(context(), id, { ...everything, first: 654_321 });
    expect(page).toMatchObject({ total: 1_000_000, next: 654_331 });
    expect(page.lines[0]?.number).toBe(654_321);
  });
});

describe("a long log", () => {
  let id: string;
  beforeAll(async () => {
    id = await addLog(Array.from({ length: 5_000 }, (_, at) => line(at % 100 === 50 ? `needle ${at + 1}` : "hay", at % 1_000 === 0 ? 40 : 20)).join(""));
  });

  it("is read by rows, of all lines and of a level, and around a line", async () => {
    expect(await readRows(context(), id, { at: { row: 4_998 }, limit: 10, minLevel: null })).toMatchObject({
      rows: 5_000,
      total: 5_000,
      row: 4_998,
      lines: [{ number: 4_999 }, { number: 5_000 }],
    });
    expect(await readRows(context(), id, { at: { line: 2_500 }, limit: 10, minLevel: null })).toMatchObject({ row: 2_494, lines: { 5: { number: 2_500 } } });
    expect(await readRows(context(), id, { at: { row: 1 }, limit: 2, minLevel: 40 })).toMatchObject({
      rows: 5,
      total: 5_000,
      lines: [{ number: 1_001 }, { number: 2_001 }],
    });
    expect(await readRows(context(), id, { at: { line: 2_500 }, limit: 2, minLevel: 40 })).toMatchObject({
      row: 2,
      lines: [{ number: 2_001 }, { number: 3_001 }],
    });
    expect(await readRows(context(), id, { at: { row: 10 ** 9 }, limit: 2, minLevel: null })).toMatchObject({ lines: [], total: 5_000 });
  });

  it("is searched forwards, backwards and round, with the count and the place", async () => {
    const step = (from: number, isBackwards = false, search = "NEEDLE") => stepThroughLog(context(), id, { search, minLevel: null, from, isBackwards });
    expect(await step(0)).toMatchObject({ count: 50, found: { place: 1, line: 51, row: 50 }, isWhole: true });
    expect(await step(51)).toMatchObject({ found: { place: 2, line: 151 } });
    expect(await step(51, true)).toMatchObject({ found: { place: 50, line: 4_951 } });
    expect(await step(4_951)).toMatchObject({ found: { place: 1, line: 51 } });
    expect(await step(0, false, "nothing like it")).toMatchObject({ count: 0, found: null, isWhole: true });
    expect(await stepThroughLog(context(), id, { search: "a", minLevel: 40, from: 1_000, isBackwards: false })).toMatchObject({
      count: 5,
      found: { place: 2, line: 1_001, row: 1 },
    });
  });

  it("goes on counting when it grows", async () => {
    const grown = await addLog(`${line("needle")}half a need`);
    const count = async () => (await stepThroughLog(context(), grown, { search: "needle", minLevel: null, from: 0, isBackwards: false })).count;
    expect(await count()).toBe(1);
    fs.appendFileSync(path.join(root, storeId, "logs", `${grown}.log`), `le\n${line("needle")}`);
    expect(await count()).toBe(3);
  });

  it("comes as text, whole or in part", async () => {
    const read = async (more: object) => new Response(await logText(context(), id, { from: 1, to: 10 ** 9, minLevel: null, ...more })).text();
    expect((await read({ from: 51, to: 52 })).split("\n")).toEqual(["2026-11-22T18:38:01.354238Z INFO needle 51", "2026-11-22T18:38:01.354238Z INFO hay", ""]);
    expect((await read({})).split("\n")).toHaveLength(5_001);
    expect((await read({ minLevel: 40 })).split("\n")).toHaveLength(6);
    await expect(logText(context(), newId(), { from: 1, to: 2, minLevel: null })).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("a secret that the workspace holds", () => {
  it("is nowhere: not in pages, rows, searches or text, and is found by its name only", async () => {
    await addStore(null, "s3", { path: "s3://bucket", secret: "sesame-open-you", client_kwargs: { endpoint_url: "https://me:pass-word-one@host" } });
    const id = await addLog(`${line("token sesame-open-you")}plain sesame-open-you and https://me:pass-word-one@host\n`);
    const seen = JSON.stringify([
      await readLog(context(), id, everything),
      await readRows(context(), id, { at: { row: 0 }, limit: 10, minLevel: null }),
      await new Response(await logText(context(), id, { from: 1, to: 10, minLevel: null })).text(),
    ]);
    expect(seen).not.toMatch(/sesame-open-you|pass-word-one/);
    expect(seen).toMatch(/token █ secret:store-[0-9a-f-]+\.secret/);
    expect(seen).toMatch(/https:\/\/me:█ secret:store-[0-9a-f-]+\.client_kwargs\.endpoint_url@host/);
    const search = (text: string) => stepThroughLog(context(), id, { search: text, minLevel: null, from: 0, isBackwards: false });
    expect(await search("sesame-open")).toMatchObject({ count: 0, isWhole: true });
    expect(await search("secret:store-")).toMatchObject({ count: 2 });
  });

  it("is not shown in part where a long line is cut", async () => {
    await addStore(null, "s3", { path: "s3://bucket", secret: "0123456789-cut-through" });
    for (const at of [65_520, 65_536, 81_910, 81_915]) {
      const id = await addLog(`${"x".repeat(at)}0123456789-cut-through${"y".repeat(40_000)}\n`);
      const [shown] = (await readLog(context(), id, everything)).lines;
      expect(shown?.message, `at ${at}`).not.toContain("0123");
      expect(shown?.message).toMatch(/… \(cut at 64 kB\)$/);
    }
  });

  it("is hidden from the moment that it is known", async () => {
    const id = await addLog(line("later-known-value"));
    expect(JSON.stringify(await readLog(context(), id, everything))).toContain("later-known-value");
    await addStore(null, "s3", { path: "s3://bucket", secret: "later-known-value" });
    expect(JSON.stringify(await readLog(context(), id, everything))).not.toContain("later-known-value");
  });
});

describe("not reading", () => {
  const refused = (id: string, message: string) => expect(readLog(context(), id, everything)).rejects.toThrow(message);

  it("says that nobody told the server where local stores are", async () => {
    const id = await addLog(line("x"));
    use(null);
    await refused(id, "Files in a local artifact store cannot be accessed from the server.");
    use(root);
    await expect(readLog(context(), id, everything)).resolves.toMatchObject({ total: 1 });
  });

  it("refuses what lies outside of the store or the root, by name and by link", async () => {
    const outside = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-outside-"));
    try {
      const [byName, byLink, byFolder, byStore] = [newId(), newId(), newId(), newId()];
      for (const id of [byName, byLink, byFolder, byStore]) fs.writeFileSync(path.join(outside, `${id}.log`), line("secret"));
      await refused(await addLog(null, { id: byName, uri: path.join(outside, `${byName}.log`) }), "outside of artifact store bounds");
      await refused(
        await addLog(null, { id: newId(), uri: path.join(root, storeId, "logs", "..", "..", "..", path.basename(outside), `${newId()}.log`) }),
        "not named by its record",
      );
      fs.mkdirSync(path.join(root, storeId, "logs"), { recursive: true });
      fs.symlinkSync(path.join(outside, `${byLink}.log`), path.join(root, storeId, "logs", `${byLink}.log`));
      await refused(await addLog(null, { id: byLink }), "outside of artifact store bounds");
      fs.symlinkSync(outside, path.join(root, storeId, "elsewhere"));
      await refused(await addLog(null, { id: byFolder, uri: path.join(root, storeId, "elsewhere", `${byFolder}.log`) }), "outside of artifact store bounds");
      const wide = await addStore(outside);
      await refused(await addLog(null, { id: byStore, store: wide, uri: path.join(outside, `${byStore}.log`) }), "outside of artifact store bounds");
    } finally {
      fs.rmSync(outside, { recursive: true, force: true });
    }
  });

  it("refuses somebody else's file, a folder, a store that is elsewhere, and a file that is gone", async () => {
    const other = await addLog(line("other's"));
    await refused(await addLog(null, { uri: path.join(root, storeId, "logs", `${other}.log`) }), "not named by its record");
    const folder = newId();
    fs.mkdirSync(path.join(root, storeId, "logs", `${folder}.log`), { recursive: true });
    await refused(await addLog(null, { id: folder }), "outside of artifact store bounds");
    await refused(await addLog(null, { store: await addStore(null, "s3") }), "has no connector, so this server has no credentials for it");
    await refused(await addLog(null), "not in its artifact store any more");
  });
});
