import type { Page } from "@playwright/test";
import pg from "pg";
import { expect, signIn, test } from "../browser";
import { startReeve, type RunningReeve } from "../fixtures";
import { violationsOf } from "../page-check";

// A directory would end too many at once: it is stopped, a System Admin sees who and what, and decides; a silence is shown. A Reeve of its own,
// since the home page says so too.

test.describe.configure({ mode: "serial" });

let reeve: RunningReeve;
let page: Page;
let directory = { id: "", slug: "okta-bulk", token: "" };
const people: string[] = [];

async function scim(method: string, path: string, body?: unknown) {
  const response = await fetch(`${reeve.url}/api/scim/v2/${directory.slug}${path}`, {
    method,
    headers: { authorization: `Bearer ${directory.token}`, "content-type": "application/scim+json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined, retryAfter: response.headers.get("retry-after") };
}
const setActive = (id: string | undefined, active: boolean) =>
  scim("PATCH", `/Users/${id}`, { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [{ op: "replace", value: { active } }] });

/** Axe in both themes and sizes, and nothing that scrolls sideways. */
async function checked() {
  for (const size of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])
    for (const theme of ["light", "dark"]) {
      await page.setViewportSize(size);
      await page.evaluate(async (chosen) => {
        document.documentElement.dataset.theme = chosen;
        await Promise.allSettled(document.getAnimations().map((one) => one instanceof CSSTransition && one.finished));
      }, theme);
      expect(await violationsOf(page), `${theme}, ${size.width}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    }
  await page.setViewportSize({ width: 1440, height: 900 });
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(600_000);
  reeve = await startReeve();
  page = await (await browser.newContext({ baseURL: reeve.url })).newPage();
  await signIn(page, "systemAdmin", "/settings/directory");
});
test.afterAll(() => reeve?.stop());

test("connects one that may end a fifth of its people within an hour", async () => {
  await page.getByRole("button", { name: "Connect a directory…" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name", { exact: true }).fill("Okta bulk");
  await form.getByLabel("Name in the address").fill(directory.slug);
  await expect(form.getByLabel("Hold removals above")).toHaveValue("20");
  await form.getByRole("button", { name: "Make endpoint and token" }).click();
  const token = (await page.getByRole("dialog").locator("code").first().textContent()) ?? "";
  await page.getByLabel("I have stored it").check();
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page).toHaveURL(/\/settings\/directory\/[0-9a-f-]{36}$/);
  directory = { ...directory, id: page.url().split("/").at(-1) as string, token };
  await expect(page.getByText("20 % in an hour")).toBeVisible();
  for (let n = 0; n < 12; n++)
    people.push((await scim("POST", "/Users", { userName: `bulk-${n}@acme.example`, displayName: `Person ${n}`, active: true })).body.id);
  const group = await scim("POST", "/Groups", { displayName: "ml-viewers", members: people.map((value) => ({ value })) });
  expect(group.status).toBe(201);
});

test("the sixth within the hour is held, the directory hears so, and the home page and the directory's say it", async () => {
  for (const id of people.slice(0, 5)) expect((await setActive(id, false)).status).toBe(200);
  for (const id of people.slice(5, 8)) {
    const { status, body, retryAfter } = await setActive(id, false);
    expect([status, retryAfter, body.detail]).toEqual([429, "600", expect.stringContaining("Not done yet: Okta bulk takes access from more people")]);
  }
  expect((await scim("GET", `/Users/${people[5]}`)).body.active).toBe(true);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Needs a person" })).toBeVisible();
  await checked();
  await page.goto("/settings/directory");
  await expect(page.getByText("Removals held")).toBeVisible();
  await page.getByRole("link", { name: "Okta bulk" }).click();
  await expect(page.getByText("would end the access of 3 of 12 people")).toBeVisible();
});

test("drift lists it, with the reason, and gives it as a file", async () => {
  await page.getByRole("link", { name: "Drift" }).click();
  const grid = page.getByRole("grid");
  await expect(grid.getByRole("row").filter({ hasText: "held: waits for a decision" })).toHaveCount(3);
  await checked();
  const file = await page.request.get((await page.getByRole("link", { name: "Export" }).getAttribute("href")) ?? "");
  expect([file.status(), await file.text()]).toEqual([200, expect.stringContaining("bulk-6@acme.example,")]);
  await page.goto(`/settings/directory/${directory.id}/drift?f=kind~is~grant`);
  await expect(grid.getByRole("row").filter({ hasText: "held" })).toHaveCount(0);
});

test("shows who and what would end; what is discarded is refused for now", async () => {
  await page.getByRole("link", { name: "Decide" }).click();
  const table = page.getByRole("region", { name: "Held removals" });
  await expect(table.getByRole("row").filter({ hasText: "Person 6" })).toContainText("the account");
  await setActive(people[7], true); // the directory takes one back
  await page.reload();
  await expect(table.getByRole("row").filter({ hasText: "Person 7" })).toHaveCount(0);
  await checked();
  await page.getByRole("button", { name: "Discard…" }).click();
  await page.getByRole("button", { name: "Discard the removals" }).click();
  await expect(page.getByText("Discarded: 2 people keep their access.").first()).toBeVisible();
  expect([(await setActive(people[5], false)).status, (await setActive(people[8], false)).status]).toEqual([403, 429]);
});

test("applies what is held when its name is typed", async () => {
  await page.goto(`/settings/directory/${directory.id}`);
  await page.getByRole("link", { name: "Decide" }).click();
  await page.getByRole("button", { name: "Apply…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Type Okta bulk").fill("Okta");
  await dialog.getByRole("button", { name: "Apply the removals" }).click();
  await expect(dialog.getByText("Type Okta bulk.", { exact: true }).first()).toBeVisible();
  await dialog.getByLabel("Type Okta bulk").fill("Okta bulk");
  await dialog.getByRole("button", { name: "Apply the removals" }).click();
  await expect(page.getByText("Applied: access ended for 1 person.").first()).toBeVisible();
  await expect(page.getByText("Applied", { exact: true })).toBeVisible();
  expect((await scim("GET", `/Users/${people[8]}`)).body.active).toBe(false);
  await page.goto("/");
  await expect(page.getByRole("heading", { name: "Needs a person" })).toHaveCount(0);
});

test("a silence is shown where it matters, and written once", async () => {
  test.setTimeout(180_000);
  const client = new pg.Client({ connectionString: reeve.ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  await client.query("update directory set last_event_at = now() - interval '3 days' where id = $1", [directory.id]);
  await page.goto("/");
  await expect(page.getByText("The directory Okta bulk is silent")).toBeVisible();
  await page.getByRole("link", { name: "Look" }).click();
  await expect(page.getByText("Nothing was heard of Okta bulk since")).toBeVisible();
  const entries = async () => (await client.query("select 1 from audit_entry where action = 'directory.fell-silent'")).rowCount;
  await expect.poll(entries, { timeout: 120_000 }).toBe(1);
  await client.end();
});
