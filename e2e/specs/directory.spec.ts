import { expect, runningReeve, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { checkPages } from "../page-check";

// A security engineer connects a directory: it sends people and groups, a group becomes a role, and who it ends is out.

test.describe.configure({ mode: "default" });

const SLUG = "okta-acme";
let directory = { id: "", token: "" };
const person = { id: "", email: "imani@acme.example" };
let group = "";

/** What the directory itself sends. */
async function scim(method: string, path: string, body?: unknown, token = directory.token) {
  const response = await fetch(`${runningReeve().url}/api/scim/v2/${SLUG}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/scim+json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

const patch = (operation: object) => ({ schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [operation] });

test("a System Admin connects a directory: its address, its fields there, its token once", async ({ openAs }) => {
  const page = await openAs("systemAdmin", "/settings/directory");
  await expect(page.getByText("No directory is connected.")).toBeVisible();
  await page.getByRole("button", { name: "Connect a directory…" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name", { exact: true }).fill("Okta of Acme");
  await form.getByLabel("Name in the address").fill("Not A Slug");
  await form.getByLabel("It is").selectOption({ label: "Okta" });
  await form.getByRole("button", { name: "Make endpoint and token" }).click();
  await expect(form.getByText("Small letters, digits and hyphens, beginning with a letter; at least two.").first()).toBeVisible();
  await form.getByLabel("Name in the address").fill(SLUG);
  await form.getByRole("button", { name: "Make endpoint and token" }).click();
  const token = (await page.getByRole("dialog").locator("code").first().textContent()) ?? "";
  expect(token).toMatch(/^reeve_scim_/);
  await page.getByLabel("I have stored it").check();
  await page.getByRole("button", { name: "Close" }).click();
  await expect(page).toHaveURL(/\/settings\/directory\/[0-9a-f-]{36}$/);
  directory = { id: page.url().split("/").at(-1) as string, token };
  await expect(page.getByText("Nothing heard yet")).toBeVisible();
  await expect(page.getByText(`/api/scim/v2/${SLUG}`).first()).toBeVisible();
  await expect(page.getByRole("cell", { name: "SCIM connector base URL" })).toBeVisible();
  await expect(page.getByText(token)).toHaveCount(0);
});

test("people and groups come; a rule is previewed, made, and holds on the next request", async ({ openAs }) => {
  const made = await scim("POST", "/Users", { userName: person.email, displayName: "Imani Obi", active: true });
  expect(made.status).toBe(201);
  person.id = made.body.id;
  const pushed = await scim("POST", "/Groups", { displayName: "ds-contributors", members: [{ value: person.id }] });
  group = pushed.body.id;
  expect((await scim("PATCH", "/Users/none", {})).status).toBe(400);

  const page = await openAs("systemAdmin", `/settings/directory/${directory.id}/rules`);
  await page.getByLabel("are", { exact: true }).selectOption("contributor");
  await page.getByLabel("in", { exact: true }).selectOption({ label: WORKSPACE });
  await page.getByRole("button", { name: "Preview" }).click();
  const preview = page.getByRole("region", { name: "What the rule would change" }).first();
  await expect(preview).toContainText("1 of 1 gain it on their next request");
  await expect(preview).toContainText("Imani Obi");
  await preview.getByRole("button", { name: "Make the rule" }).click();
  await expect(page.getByText("The rule is made; 1 grant opened.").first()).toBeVisible();
  await expect(page.getByRole("table", { name: "Rules" }).or(page.getByRole("region", { name: "Rules", exact: true }))).toContainText("ds-contributors");

  await page.goto(`/settings/directory/${directory.id}/people`);
  const row = page.getByRole("grid").getByRole("row").filter({ hasText: person.email });
  await expect(row).toContainText("ds-contributors");
  await row.getByRole("link", { name: "Imani Obi" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("Imani Obi");
  await expect(page.getByText("Contributor").first()).toBeVisible();
});

test("who the directory ends is shown as ended on both sides; each request stands in the log, without secrets", async ({ openAs }) => {
  const off = await scim("PATCH", `/Users/${person.id}`, patch({ op: "replace", value: { active: false, password: "s3cret-word" } }));
  expect([off.status, off.body.active]).toEqual([200, false]);
  const page = await openAs("auditor", `/settings/directory/${directory.id}/people`);
  const row = page.getByRole("grid").getByRole("row").filter({ hasText: person.email });
  await expect(row.getByText("Deactivated")).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Rotate token…" })).toHaveCount(0);
  const file = await page.request.get((await page.getByRole("link", { name: "Export" }).getAttribute("href")) ?? "");
  expect([file.status(), await file.text()]).toEqual([200, expect.stringContaining(`${person.email},`)]);
  await page.getByRole("link", { name: "Groups" }).click();
  await page.getByRole("grid").getByRole("link", { name: "ds-contributors" }).click();
  await expect(row).toBeVisible();
  await page.goto(`/settings/directory/${directory.id}/people?f=groups~is~ds`);
  await expect(row).toHaveCount(0);
  await page.goto(`/settings/directory/${directory.id}/people?f=drift~is~differs`);
  await expect(row).toHaveCount(0);
  await page.getByRole("link", { name: "Requests" }).click();
  await page.getByRole("grid").getByRole("row").filter({ hasText: "PATCH" }).filter({ hasText: person.id }).first().click();
  await expect(page.getByText('"active": false')).toBeVisible();
  await expect(page.getByText("s3cret-word")).toHaveCount(0);
  await page.goto(`/settings/directory/${directory.id}/requests?f=status~gte~400`);
  await expect(page.getByRole("grid")).toContainText("Operations");
});

test("a rule's end is previewed too; a new token ends the old one", async ({ openAs }) => {
  await scim("PATCH", `/Users/${person.id}`, patch({ op: "replace", value: { active: true } }));
  const page = await openAs("systemAdmin", `/settings/directory/${directory.id}/rules`);
  await page.getByRole("link", { name: "End…" }).click();
  await expect(page.getByText("1 of 1 lose it on their next request", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "End the rule" }).click();
  await expect(page.getByText("The rule has ended; 1 grant ended.").first()).toBeVisible();
  await expect(page.getByText("No group gives anything yet.")).toBeVisible();

  await page.goto(`/settings/directory/${directory.id}`);
  await page.getByRole("button", { name: "Rotate token…" }).click();
  await page.getByRole("button", { name: "Make a new token" }).click();
  const token = (await page.getByRole("dialog").locator("code").first().textContent()) ?? "";
  expect((await scim("GET", "/Users?count=1")).status).toBe(401);
  expect((await scim("GET", "/Users?count=1", undefined, token)).status).toBe(200);
  directory.token = token;
  await page.getByLabel("I have stored it").check();
  await page.getByRole("button", { name: "Close" }).click();
  await scim("PATCH", `/Groups/${group}`, patch({ op: "replace", value: { displayName: "ds-all" } }));
});

test("others don't find it", async ({ openAs }) => {
  for (const who of ["viewer", "workspaceAdmin"] as const) {
    const page = await openAs(who);
    expect((await page.goto("/settings/directory"))?.status()).toBe(404);
    expect((await page.goto(`/settings/directory/${directory.id}/people`))?.status()).toBe(404);
  }
});

const at = (tab: string) => () => `/settings/directory/${directory.id}${tab}`;
checkPages([
  { name: "directories", person: "systemAdmin", path: () => "/settings/directory" },
  { name: "a directory", person: "systemAdmin", path: at("") },
  { name: "a directory's people", person: "auditor", path: at("/people") },
  { name: "a directory's groups", person: "auditor", path: at("/groups") },
  { name: "a directory's rules", person: "systemAdmin", path: () => `${at("/rules")()}?group=${group}&role=viewer&place=organization` },
  { name: "a directory's requests", person: "auditor", path: at("/requests") },
]);
