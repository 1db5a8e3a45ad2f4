import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { createSession } from "@/lib/identity/session";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { inScope } from "@/lib/kernel/transaction";
import { downloadOf } from "./download";
import { issueDownload, issueVisualization, noteDataShown, spendDownload, spendVisualization } from "./open-files";
import { previewData } from "./preview-data";
import { openStore } from "./store";
import type { ArtifactStore } from "./store-contract";
import { getDownload } from "./stored-files";

// Files are given out once, to whom they were promised, and never from outside of their store: paths, links, devices, races, replays.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
let acme: TestOrganization;
let things: TestThings;
let [vera, otherVera, carlos]: Actor[] = [];
let root = "";
let slug = "";
let store: ArtifactStore;
const limits = { maxFiles: 100, maxBytes: 10_000_000 };

beforeAll(async () => {
  acme = await makeTestOrganization();
  slug = acme.own.workspace.slug;
  things = await makeThings(acme.own, acme.people.contributor.id);
  vera = await signedIn(acme.people.viewer.id);
  otherVera = await signedIn(acme.people.viewer.id);
  carlos = await signedIn(acme.people.contributor.id);
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "reeve-files-")));
  process.env.REEVE_LOCAL_ARTIFACT_ROOTS = `${slug}=${root}`;
  forgetEnvironment();
  store = { id: newId(), name: "local", flavor: "local", path: null, configuration: {}, connectorId: null, resourceType: null, resourceId: null };
  fs.mkdirSync(path.join(root, store.id));
});

afterAll(() => {
  fs.rmSync(root, { recursive: true, force: true });
  delete process.env.REEVE_LOCAL_ARTIFACT_ROOTS;
  forgetEnvironment();
});

async function signedIn(principalId: string): Promise<Actor> {
  const id = newId();
  return inScope([], async (tx) => {
    await createSession(tx, principalId, { address: "127.0.0.1", userAgent: null }, { id, token: newId().padEnd(43, "x") });
    return (await loadActor(tx, principalId, { kind: "session", id, label: "browser session" })) as Actor;
  });
}

const as = (actor: Actor | undefined) => callAs(actor as Actor, acme.own.workspace);
const here = (name: string) => path.join(root, store.id, name);
const write = (name: string, text = name) => {
  fs.mkdirSync(path.dirname(here(name)), { recursive: true });
  fs.writeFileSync(here(name), text);
  return here(name);
};

describe("an address", () => {
  const issue = (actor = vera) => execute(issueDownload, as(actor), { versionId: things.artifactVersionId, isWire: false });
  const spend = (secret: string, actor = vera, more = {}) =>
    execute(spendDownload, as(actor), { secret, versionId: things.artifactVersionId, isWire: false, ...more });
  const refusedWith = async (reason: string, act: () => Promise<unknown>) => {
    const from = await lastSeq(db.ownerUrl);
    await expect(act()).rejects.toMatchObject({ code: "forbidden", message: expect.stringMatching(/^This address was used already/) });
    expect(await trailAfter(db.ownerUrl, from)).toMatchObject([{ action: "artifact-version.download-fetched", outcome: "denied", reason }]);
  };

  it("is on record when it is made, and used once", async () => {
    const from = await lastSeq(db.ownerUrl);
    const secret = await issue();
    expect(await trailAfter(db.ownerUrl, from)).toMatchObject([{ action: "artifact-version.download-issued", outcome: "allowed" }]);
    expect(await spend(secret)).toMatchObject({ uri: "/tmp/x" });
    await refusedWith("ticket_used", () => spend(secret));
  });

  it("is used once by many at once", async () => {
    const secret = await issue();
    const all = await Promise.allSettled(Array.from({ length: 20 }, () => spend(secret)));
    expect(all.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  it("is nobody else's: not another person's, not another session's", async () => {
    const secret = await issue();
    await refusedWith("ticket_foreign", () => spend(secret, carlos));
    await refusedWith("ticket_foreign", () => spend(secret, otherVera));
    await spend(secret);
  });

  it("ends after a minute", async () => {
    const secret = await issue();
    const [row] = await asOwner<{ seconds: number }>(
      db.ownerUrl,
      "select extract(epoch from expires_at - created_at)::float as seconds from file_ticket order by created_at desc limit 1",
    );
    expect(row?.seconds).toBeCloseTo(60, 0);
    await asOwner(db.ownerUrl, "update file_ticket set expires_at = clock_timestamp() where used_at is null");
    await refusedWith("ticket_expired", () => spend(secret));
  });

  it("opens what it was made for: not another version, not the other way out, not another workspace's", async () => {
    const secret = await issue();
    const picture = await execute(issueVisualization, as(vera), { id: things.visualizationId });
    const other = await makeThings(acme.own, acme.people.contributor.id);
    await expect(spend(secret, vera, { versionId: other.artifactVersionId })).rejects.toMatchObject({ code: "not_found" });
    await expect(spend(secret, vera, { isWire: true })).rejects.toMatchObject({ code: "not_found" });
    await expect(spend(picture)).rejects.toMatchObject({ code: "not_found" });
    await expect(execute(spendVisualization, as(vera), { secret })).rejects.toMatchObject({ code: "not_found" });
    await expect(
      execute(spendDownload, callAs(vera as Actor, acme.foreign.workspace), { secret, versionId: things.artifactVersionId, isWire: false }),
    ).rejects.toMatchObject({ code: "not_found" });
    for (const guess of ["", "x", `${secret}x`, secret.toLowerCase(), "' or true --"]) await expect(spend(guess)).rejects.toMatchObject({ code: "not_found" });
    expect(await execute(spendVisualization, as(vera), { secret: picture })).toMatchObject({ uri: "/tmp/x/page.html", type: "html" });
    await spend(secret);
  });

  it("is worth nothing after the right is gone", async () => {
    const secret = await issue();
    await asOwner(db.ownerUrl, "update role_grant set valid_to = now() where principal_id = $1", [vera?.id]);
    await expect(spend(secret)).rejects.toMatchObject({ code: "not_found" });
    await asOwner(db.ownerUrl, "update role_grant set valid_to = null where principal_id = $1", [vera?.id]);
    await spend(secret);
  });

  it("is stored as a hash only", async () => {
    const secret = await issue();
    const rows = await asOwner<{ row: string }>(db.ownerUrl, "select file_ticket::text as row from file_ticket");
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ row }) => row.includes(secret))).toBe(false);
  });
});

describe("a local store", () => {
  const open = () => openStore(as(vera), store);
  const outside = { code: "forbidden", message: "The file is outside of artifact store bounds." };

  it("lists and opens what lies in it", async () => {
    write("good/b.txt", "bee");
    write("good/sub/a.txt", "ay");
    expect(await open().look(here("good"), limits)).toEqual({
      kind: "folder",
      members: [
        { name: "b.txt", size: 3 },
        { name: "sub/a.txt", size: 2 },
      ],
    });
    expect(await open().look(`file://${here("good/b.txt")}`, limits)).toEqual({ kind: "file", size: 3 });
    await (await open().openMember(here("good"), "sub/a.txt", 10)).close();
  });

  it.each(["../secret", "good/../../secret", "/etc/passwd", "..", "/", "\u0000"])("does not look at %j", async (name) => {
    const uri = name.startsWith("/") ? name : `${path.join(root, store.id)}/${name}`;
    await expect(open().look(uri, limits)).rejects.toMatchObject({ code: expect.stringMatching(/forbidden|not_found/) });
    await expect(open().openFile(uri, 10)).rejects.toMatchObject({ code: expect.stringMatching(/forbidden|not_found/) });
  });

  it.each(["../b.txt", "sub/../../x", "/etc/passwd", "..", "."])("opens no member %j", async (name) => {
    write("good/b.txt");
    write("x");
    await expect(open().openMember(here("good"), name, 1_000)).rejects.toMatchObject({ code: "forbidden" });
  });

  it("follows no link out of it, and gives out no folder with a link, pipe or device in it", async () => {
    const elsewhere = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-elsewhere-"));
    fs.writeFileSync(path.join(elsewhere, "secret"), "secret");
    try {
      fs.symlinkSync(elsewhere, here("way-out"));
      await expect(open().look(here("way-out"), limits)).rejects.toMatchObject(outside);
      await expect(open().openFile(here("way-out/secret"), 10)).rejects.toMatchObject(outside);
      write("linked/a.txt");
      fs.symlinkSync(path.join(elsewhere, "secret"), here("linked/b.txt"));
      const names = /b\.txt is a link or no regular file/;
      await expect(open().look(here("linked"), limits)).rejects.toMatchObject({ code: "forbidden", message: expect.stringMatching(names) });
      await expect(open().openMember(here("linked"), "b.txt", 10)).rejects.toMatchObject(outside);
      fs.rmSync(here("linked/b.txt"));
      fs.symlinkSync(here("linked/a.txt"), here("linked/b.txt")); // inside, and still a link
      await expect(open().look(here("linked"), limits)).rejects.toMatchObject({ code: "forbidden" });
      await expect(open().openMember(here("linked"), "b.txt", 10)).rejects.toMatchObject(outside);
      write("piped/a.txt");
      execFileSync("mkfifo", [here("piped/p")]);
      await expect(open().look(here("piped"), limits)).rejects.toMatchObject({ code: "forbidden" });
      await expect(open().openFile(here("piped/p"), 10)).rejects.toMatchObject(outside);
    } finally {
      fs.rmSync(elsewhere, { recursive: true, force: true });
    }
  });

  it("gives out no device, and nothing of a root that leads to the keys", async () => {
    const data = { ...store, path: "/dev" };
    await expect(openStore(as(vera), data).openFile("/dev/null", 10)).rejects.toMatchObject(outside);
    process.env.REEVE_DATA = path.join(root, "later");
    fs.symlinkSync(path.join(root, store.id), path.join(root, "later"));
    forgetEnvironment();
    try {
      const { environment } = await import("@/lib/kernel/env");
      expect(() => environment()).toThrow(/REEVE_DATA contain one another/);
    } finally {
      delete process.env.REEVE_DATA;
      fs.rmSync(path.join(root, "later"));
      forgetEnvironment();
    }
  });

  it("says what is too much", async () => {
    for (let at = 0; at < 12; at++) write(`many/${at}`, "0123456789");
    await expect(open().look(here("many"), { maxFiles: 10, maxBytes: 1_000 })).rejects.toMatchObject({ code: "too_large" });
    await expect(open().look(here("many"), { maxFiles: 100, maxBytes: 100 })).rejects.toMatchObject({ code: "too_large" });
    await expect(open().openFile(here("many/1"), 5)).rejects.toMatchObject({ code: "too_large" });
  });

  it("says of a store elsewhere, and of one without a root, why its files can't be read", async () => {
    expect(() => openStore(as(vera), { ...store, name: "lake", flavor: "s3", resourceType: "s3-bucket" })).toThrow(
      "The artifact store lake (s3) has no connector",
    );
    expect(() => openStore(as(vera), { ...store, flavor: "constructor" })).toThrow("cannot be read by this server");
    expect(() => openStore(as(vera), undefined)).toThrow("not registered any more");
    expect(() => openStore({ ...as(vera), workspace: { ...acme.own.workspace, slug: "elsewhere" } }, store)).toThrow("cannot be accessed from the server");
  });
});

describe("the beginning of the data", () => {
  const preview = (uri: string, drawn: string[] = []) =>
    previewData(as(vera), { id: newId(), projectId: acme.own.projectId, name: "table", version: "1", uri, store, drawn });

  it("is the first rows of a table, the text of a JSON, or the first lines of a text, whichever of the files can be shown", async () => {
    const rows = Array.from({ length: 300 }, (_, n) => `${n}\t"a, b"`).join("\n");
    write("table/df.tsv", `n\ttext\n${rows}`);
    write("table/model.pkl", "\u0080pickled");
    const table = await preview(here("table"), [write("table/describe.csv", "a visualization of it")]);
    expect(table).toMatchObject({
      file: "df.tsv",
      count: 2,
      files: [{ name: "df.tsv" }, { name: "model.pkl", size: 9 }],
      shown: { kind: "table", isCut: true },
    });
    expect(table.shown).toMatchObject({ columns: ["n", "text"], rows: expect.arrayContaining([["0", "a, b"]]) });
    expect(await preview(write("data.json", '{"auc": 0.9}'))).toMatchObject({ file: "data.json", shown: { kind: "json", text: '{"auc": 0.9}', isCut: false } });
    expect((await preview(write("long.jsonl", "{}\n".repeat(500)))).shown).toMatchObject({ kind: "text", isCut: true, text: "{}\n".repeat(199).concat("{}") });
  });

  it("is nothing where no file is text: such files are named, never read", async () => {
    write("binary/model.pkl", "\u0080pickled");
    expect(await preview(here("binary"))).toEqual({ file: null, shown: null, files: [{ name: "model.pkl", size: 9 }], count: 1 });
    await expect(preview("/etc/passwd")).rejects.toMatchObject({ code: "forbidden" });
  });

  it("leaves an entry that names the file", async () => {
    const from = await lastSeq(db.ownerUrl);
    await execute(noteDataShown, as(vera), { versionId: things.artifactVersionId, file: "df.tsv" });
    expect(await trailAfter(db.ownerUrl, from)).toMatchObject([{ action: "artifact-version.data-shown", outcome: "allowed" }]);
  });
});

describe("a download", () => {
  const version = (uri: string) => ({ id: newId(), projectId: acme.own.projectId, name: "sco/rer é", version: "1", uri, store, drawn: [] });

  it("is the file itself, under a name that is only a name", async () => {
    const answer = await downloadOf(as(vera), version(write("model.bin", "weights")));
    expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="sco-rer--1.bin"; filename*=UTF-8''scorer%20%C3%A9-1.bin`);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await answer.text()).toBe("weights");
  });

  it("is a tar of the folder that other programs read, with long names, odd names and empty files", async () => {
    const long = `${"d".repeat(90)}/${"n".repeat(120)}.txt`;
    write(`tar/${long}`, "long");
    write("tar/ünï 日本.txt", "odd");
    write("tar/empty", "");
    write("tar/big", "x".repeat(700_000));
    const answer = await downloadOf(as(vera), version(here("tar")));
    const folder = fs.mkdtempSync(path.join(root, "out-"));
    fs.writeFileSync(path.join(folder, "a.tar.gz"), Buffer.from(await answer.arrayBuffer()));
    execFileSync("tar", ["xzf", "a.tar.gz"], { cwd: folder });
    expect(fs.readFileSync(path.join(folder, long), "utf8")).toBe("long");
    expect(fs.readFileSync(path.join(folder, "ünï 日本.txt"), "utf8")).toBe("odd");
    expect(fs.statSync(path.join(folder, "empty")).size).toBe(0);
    expect(fs.statSync(path.join(folder, "big")).size).toBe(700_000);
  });

  it("ends with an error when a file is swapped for a link while it is under way", async () => {
    for (const name of ["a", "b"]) write(`swapped/${name}`, "x".repeat(3_000_000));
    const answer = await downloadOf(as(vera), version(here("swapped")));
    fs.rmSync(here("swapped/b"));
    fs.symlinkSync("/etc/passwd", here("swapped/b"));
    await expect(answer.arrayBuffer()).rejects.toThrow();
  });

  it("needs its permission", async () => {
    const operator = acme.people["stack-admin"];
    await expect(ask(getDownload, as(operator), { versionId: things.artifactVersionId })).rejects.toMatchObject({
      code: expect.stringMatching(/not_found|forbidden/),
    });
    await expect(execute(issueDownload, as(operator), { versionId: things.artifactVersionId, isWire: false })).rejects.toMatchObject({
      code: expect.stringMatching(/not_found|forbidden/),
    });
  });
});
