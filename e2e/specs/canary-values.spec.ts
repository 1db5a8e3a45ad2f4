import type { Page } from "@playwright/test";
import { tries } from "../../lib/kernel/soak";
import { canary, hitsBelow, hitsInDump, spellingsIn } from "../canary-values";
import { expect, fillSignIn, listening, test } from "../browser";
import { PEOPLE, type RunningReeve, startReeve, WORKSPACE } from "../fixtures";
import { addServiceAccounts } from "../clients/zenml/client";

// SEC-3: values that are put into secrets are nowhere but where they were sealed. A fiftieth of 10,000 in each test run, all of them in a soak.

const KEYS_OF_ONE = 50;
const COUNT = tries(10_000);
/** The name of the first secret. */
const CONTROL = "canary-named-0";
const INTEGRATIONS = "/settings/integrations";

test.describe.configure({ mode: "serial" });
let reeve: RunningReeve;
let page: Page;
let token = "";
/** What others than the values' owner were answered, by what was asked. */
const answers: [asked: string, text: string][] = [];

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  reeve = await startReeve({ env: { REEVE_LOG_LEVEL: "debug" } });
  token = await login(reeve.keys.ci);
  page = await (await browser.newContext({ baseURL: reeve.url })).newPage();
  await page.goto("/sign-in?next=/workspaces");
  await fillSignIn(page, PEOPLE.systemAdmin.email, PEOPLE.systemAdmin.password);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
});
test.afterAll(() => reeve?.stop());

const at = (path: string) => `${reeve.url}/${WORKSPACE}/api/v1${path}`;
async function login(key: string): Promise<string> {
  const form = new URLSearchParams({ grant_type: "zenml-api-key", password: key });
  return ((await (await fetch(at("/login"), { method: "POST", body: form })).json()) as { access_token: string }).access_token;
}
const ask = (method: string, path: string, body?: unknown, as = token) =>
  fetch(at(path), {
    method,
    headers: { authorization: `Bearer ${as}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
/** Keeps what was answered: none of it may hold a value. */
async function keep(asked: string, answer: Response): Promise<number> {
  answers.push([asked, `${JSON.stringify([...answer.headers])}\n${await answer.text()}`]);
  return answer.status;
}
const valuesFrom = (start: number) => Object.fromEntries(Array.from({ length: KEYS_OF_ONE }, (_, key) => [`k${key}`, canary(start + key)]));

test("a canary is found in every spelling in which it could have been copied", () => {
  const value = canary(1);
  const bytes = Buffer.from(`x${value}y`);
  for (const [text, spelling] of [
    [value, "plain"],
    [[...value].reverse().join(""), "reversed"],
    [bytes.toString("hex"), "hex"],
    [encodeURIComponent(value), "plain"],
    [Buffer.from(value).toString("base64"), "base64 at 0"],
    [bytes.toString("base64"), "base64 at 1"],
    [Buffer.from(`xx${value}`).toString("base64url"), "base64 at 2"],
  ] as const)
    expect(spellingsIn(text)).toContain(spelling);
  expect(spellingsIn("nothing of the kind")).toEqual([]);
});

test(`SEC-3: ${COUNT} values are made, changed, read and refused`, async () => {
  test.setTimeout(600_000);
  const ids: string[] = [];
  for (let start = 0; start < COUNT; start += KEYS_OF_ONE) {
    const made = await ask("POST", "/secrets", { name: `canary-named-${start}`, private: start % (4 * KEYS_OF_ONE) === 0, values: valuesFrom(start) });
    expect(made.status).toBe(200);
    ids.push(((await made.json()) as { id: string }).id);
  }
  const { other } = addServiceAccounts(reeve, [{ name: "other", workspace: WORKSPACE, role: "contributor" }]);
  const foreign = await login(other as string);
  for (const [index, id] of ids.entries()) {
    const own = await ask("GET", `/secrets/${id}`);
    expect(spellingsIn(await own.text())).toContain("plain"); // to their owner alone
    if (index % 2 === 0) expect((await ask("PUT", `/secrets/${id}?patch_values=true`, { values: { k0: canary(COUNT + index) } })).status).toBe(200);
    expect(await keep("somebody else's read", await ask("GET", `/secrets/${id}`, undefined, foreign))).toBeGreaterThanOrEqual(403);
    if (index % 5 === 0) expect((await ask("DELETE", `/secrets/${id}`)).status).toBe(200);
  }
  await keep("the list", await ask("GET", "/secrets?hydrate=true&size=100"));
  // Refusals of what is wrong, with values in all the places in which one could be by mistake.
  const wrong: [string, string, string, unknown][] = [
    ["a taken name", "POST", "/secrets", { name: `canary-named-${KEYS_OF_ONE}`, private: false, values: { k: canary(1) } }],
    ["a value that is a list", "POST", "/secrets", { name: "wrong", private: false, values: { k: [canary(2)] } }],
    ["a value as a name", "POST", "/secrets", { name: `{{${canary(3)}}}`, private: false, values: { k: "v" } }],
    ["a value as a key", "POST", "/secrets", { name: "wrong", private: false, values: { [`{{${canary(4)}}}`]: "v" } }],
    ["too much", "POST", "/secrets", { name: "wrong", private: false, values: { k: canary(5).repeat(2_000) } }],
    ["half a body", "POST", "/secrets", `{"name":"wrong","values":{"k":"${canary(6)}`],
    ["values in place of the object", "POST", "/secrets", { name: "wrong", private: canary(7), values: canary(8) }],
    ["an unknown secret", "PUT", "/secrets/00000000-0000-4000-8000-000000000000", { values: { k: canary(9) } }],
    ["no id", "PUT", "/secrets/none", { values: { k: canary(10) } }],
    ["no such method", "PATCH", "/secrets", { values: { k: canary(11) } }],
  ];
  for (const [asked, method, path, body] of wrong) expect(await keep(asked, await ask(method, path, body)), asked).toBeGreaterThanOrEqual(400);
  expect(await keep("nobody", await ask("POST", "/secrets", { name: "n", values: { k: canary(12) } }, "none"))).toBe(401);
});

test("SEC-3: one of the organization's is made in the browser, for all workspaces", async () => {
  await page.goto(`${INTEGRATIONS}/new`);
  await listening(page);
  await page.getByLabel("Name", { exact: true }).fill("canary-of-all");
  await page.getByRole("radio", { name: /^All workspaces/ }).check();
  await page.getByLabel("Key 1").fill("k");
  await page.getByLabel("value of k", { exact: true }).fill(canary(3 * COUNT));
  await page.getByRole("button", { name: "Create secret" }).click();
  await page.waitForURL(/integrations\/[0-9a-f-]{36}$/);
  const path = new URL(page.url()).pathname;
  const list = await ask("GET", "/secrets?name=canary-of-all");
  const id = ((await list.clone().json()) as { items: { id: string }[] }).items[0]?.id ?? "";
  await keep("list", list);
  expect(await keep("read", await ask("GET", `/secrets/${id}`))).toBe(403);
  expect(await keep("change", await ask("PUT", `/secrets/${id}?patch_values=true`, { values: { k: "x" } }))).toBe(403);
  for (const at of ["", "/versions", "/uses", "/uses/export", "?tab=audit"])
    answers.push([`${path}${at}`, await (await page.request.get(`${path}${at}`)).text()]);
  for (const at of [INTEGRATIONS, `${INTEGRATIONS}/export`, `/${WORKSPACE}/secrets/${id}`]) answers.push([at, await (await page.request.get(at)).text()]);
});

test("SEC-3: no page, export or refusal has one of them", async () => {
  test.setTimeout(300_000);
  const get = async (path: string) => answers.push([path, await (await page.request.get(path)).text()]);
  const base = `/${WORKSPACE}`;
  await get(`${base}/secrets`);
  const list = answers.at(-1)?.[1] ?? "";
  const ids = [...new Set([...list.matchAll(/\/secrets\/([0-9a-f-]{36})/g)].map(([, id]) => id))].slice(0, 12);
  expect(ids.length).toBeGreaterThan(1);
  for (const id of ids) for (const rest of ["", "/uses", "/uses/export"]) await get(`${base}/secrets/${id}${rest}`);
  for (const path of [
    `${base}/secrets/new`,
    `${base}/secrets/export`,
    `${base}/audit`,
    `${base}/audit/export`,
    "/audit",
    "/audit/export",
    `${base}/secrets/none`,
  ])
    await get(path);
  expect(answers.filter(([, text]) => spellingsIn(text).length > 0).map(([asked, text]) => `${asked}: ${spellingsIn(text)}`)).toEqual([]);
});

test("SEC-3: the database's dump, its files and write-ahead log, and all logs have none of them", async () => {
  test.setTimeout(300_000);
  const dump = await hitsInDump(reeve.ownerUrl, CONTROL);
  const files = hitsBelow(reeve.dataDirectory, CONTROL);
  console.log(
    `${COUNT} values: ${dump.rows} rows, ${Math.round(files.bytes / 1e6)} MB of files, ${reeve.output().length} characters of logs, ${answers.length} answers`,
  );
  expect({ dump: dump.hits, files: files.hits, logs: spellingsIn(reeve.output()) }).toEqual({ dump: [], files: [], logs: [] });
  // It did look: the name of a secret is where its values are not.
  expect(dump.controlIn).toEqual(expect.arrayContaining(["reeve.audit_entry", "reeve.secret"]));
  expect(files.controlIn).toEqual(expect.arrayContaining(["pg_wal"]));
});
