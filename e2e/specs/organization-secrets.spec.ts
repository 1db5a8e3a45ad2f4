import type { Page } from "@playwright/test";
import pg from "pg";
import { expect, runningReeve, test } from "../browser";
import { OTHER_WORKSPACE, WORKSPACE } from "../fixtures";
import { checkPages } from "../page-check";
import { seedSecretPast } from "../seed-secrets";
import { seedUi } from "../seed-ui";

// A System Admin keeps a key once for a workspace; its admin binds it and can't see it; an Auditor sees where it is bound and who used it. No page holds its value.

test.describe.configure({ mode: "default" });

const LIST = "/settings/integrations";
const NAME = "data-lake-of-all";
const [FIRST, SECOND] = ["canary-organization-4e1b", "canary-organization-9c70"];
let secret = "";
let placed = "";

/** What the server sends for a page, its data for the browser with it. */
async function htmlHasNoValue(page: Page, ...paths: string[]) {
  for (const path of paths) {
    const answer = await page.request.get(path);
    expect(answer.status(), path).toBe(200);
    expect(await answer.text(), path).not.toMatch(/canary-/);
  }
  expect(await page.content()).not.toMatch(/canary-/);
}

/** The id of the secret in a workspace that may use it. */
async function placementOf(id: string): Promise<string> {
  const client = new pg.Client({ connectionString: runningReeve().ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>("select id from secret where organization_secret_id = $1 and deleted_at is null", [id]);
    expect(rows).toHaveLength(1);
    return rows[0]?.id ?? "";
  } finally {
    await client.end();
  }
}

test("a System Admin makes one for a named workspace; its page masks the value and names the workspace", async ({ openAs }) => {
  const page = await openAs("systemAdmin", LIST);
  await page.getByRole("link", { name: "New secret" }).click();
  await expect(page.getByRole("heading", { name: "New secret of the organization" })).toBeVisible();
  await page.getByRole("button", { name: "Create secret" }).click();
  await expect(page.locator("main").getByRole("alert")).toContainText("A name is needed.");
  await page.getByLabel("Name", { exact: true }).fill(NAME);
  await page.getByRole("checkbox", { name: new RegExp(`^${WORKSPACE}`) }).check();
  await page.getByLabel("Key 1").fill("token");
  await page.getByLabel("value of token", { exact: true }).fill(FIRST);
  await page.getByRole("button", { name: "Create secret" }).click();
  await expect(page).toHaveURL(/\/settings\/integrations\/[0-9a-f-]{36}$/);
  secret = new URL(page.url()).pathname;
  placed = `/${WORKSPACE}/secrets/${await placementOf(secret.slice(LIST.length + 1))}`;
  await expect(page.getByRole("region", { name: "Keys" }).getByRole("row").filter({ hasText: "token" })).toContainText("••••••••••••");
  const workspaces = page.getByRole("region", { name: "Workspaces" });
  await expect(workspaces.getByRole("link", { name: WORKSPACE })).toHaveAttribute("href", placed);
  await expect(workspaces).not.toContainText(OTHER_WORKSPACE);
  await htmlHasNoValue(page, LIST, secret, `${secret}/versions`, `${secret}/uses`, `${secret}?tab=audit`, `${LIST}/export`);
});

test("the workspace's admin binds it, and can neither reveal nor change it", async ({ openAs }) => {
  await seedUi(runningReeve().ownerUrl, { workspace: WORKSPACE, runs: 120 });
  const page = await openAs("workspaceAdmin", `/${WORKSPACE}/secrets?f=scope~is~organization`);
  await page.getByRole("grid").getByRole("link", { name: NAME }).click();
  await expect(page).toHaveURL(placed);
  await expect(page.getByText("System Admins, in Integrations")).toBeVisible();
  for (const act of ["Reveal…", "Rotate…", "Rename", "Change…", "Delete this secret…"]) await expect(page.getByRole("button", { name: act })).toHaveCount(0);
  await page.getByRole("button", { name: "Bind…" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Which one").selectOption({ index: 1 });
  await form.getByRole("button", { name: "Bind", exact: true }).click();
  await expect(page.getByRole("button", { name: /^Unbind from/ })).toHaveCount(1);
  await htmlHasNoValue(page, placed, `${placed}/versions`, `${placed}/uses`, `${placed}?tab=access`, `/${WORKSPACE}/secrets/export`);
  await page.getByRole("link", { name: "System Admins, in Integrations" }).click();
  await expect(page).toHaveURL(secret);
  await expect(page.getByText("Those that you reach. Others may use it too.")).toBeVisible();
  await page.getByRole("button", { name: "Rotate…" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Changing secrets of the organization is not in your role" })).toBeVisible();
  expect((await page.goto(`${LIST}/new`))?.status()).toBe(404);
});

test("a rotation is a new version in the workspace at once", async ({ openAs }) => {
  const page = await openAs("systemAdmin", secret);
  await page.getByRole("button", { name: "Rotate…" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("new value of token").fill(SECOND);
  await form.getByRole("button", { name: "Write version 2" }).click();
  await expect(page.getByText("v2", { exact: true }).first()).toBeVisible();
  await page.goto(`${placed}/versions`);
  await expect(page.getByRole("region", { name: "Versions" }).getByRole("row").filter({ hasText: "v2" })).toContainText("current");
  await expect(page.getByRole("button", { name: "Restore" })).toHaveCount(0);
  await page.goto(`${secret}/versions`);
  await expect(page.getByRole("button", { name: "Restore" })).toHaveCount(1);
  await htmlHasNoValue(page, secret, placed);
});

test("an Auditor sees where it is bound and which runs used it, and changes nothing", async ({ openAs }) => {
  const { used } = await seedSecretPast(runningReeve().ownerUrl, placed.split("/").at(-1) ?? "");
  expect(used.length).toBeGreaterThan(0);
  const page = await openAs("auditor", LIST);
  await page.getByRole("grid").getByRole("link", { name: NAME }).click();
  await expect(page.getByRole("region", { name: "Bindings" }).getByRole("row").filter({ hasText: "pipeline" }).first()).toContainText(WORKSPACE);
  await expect(page.getByRole("button", { name: "Delete this secret…" })).toHaveCount(0);
  await page.getByRole("link", { name: /^Uses/ }).click();
  const use = page.getByRole("grid").getByRole("row").filter({ hasText: "Read by a run" }).first();
  await expect(use).toContainText(WORKSPACE);
  await expect(use.getByRole("link", { name: /№/ })).toHaveAttribute("href", new RegExp(`^/${WORKSPACE}/projects/`));
  await htmlHasNoValue(page, LIST, secret, `${secret}/uses`, `${secret}/uses/export`, placed);
});

checkPages([
  { name: "integrations", person: "systemAdmin", path: () => LIST },
  { name: "a new secret of the organization", person: "systemAdmin", path: () => `${LIST}/new` },
  { name: "a secret of the organization", person: "systemAdmin", path: () => secret },
  { name: "its versions", person: "systemAdmin", path: () => `${secret}/versions` },
  { name: "its uses", person: "auditor", path: () => `${secret}/uses` },
  { name: "its entries", person: "auditor", path: () => `${secret}?tab=audit` },
  { name: "deleted secrets of the organization", person: "systemAdmin", path: () => `${LIST}/deleted` },
  { name: "a secret of the organization in a workspace", person: "workspaceAdmin", path: () => placed },
]);

test("who looks after no workspace knows of none of it", async ({ openAs }) => {
  const page = await openAs("contributor", placed);
  await expect(page.getByText("System Admins", { exact: true })).toBeVisible();
  for (const path of [LIST, secret, `${secret}/uses`, `${LIST}/deleted`]) expect((await page.request.get(path)).status(), path).toBe(404);
});

test("it is taken away, deleted by its name, and brought back with what it was bound to", async ({ openAs }) => {
  const page = await openAs("systemAdmin", secret);
  await page.getByRole("button", { name: "Delete this secret…" }).click();
  const form = page.getByRole("dialog");
  await expect(form).toContainText(`1 workspace (${WORKSPACE})`);
  await expect(form).toContainText(/\d+ bindings?: /);
  await form.getByRole("textbox").fill(NAME);
  await form.getByRole("button", { name: `Delete ${NAME}` }).click();
  await expect(page).toHaveURL(LIST);
  expect((await page.request.get(placed)).status()).toBe(404);
  await page.getByRole("link", { name: "Deleted" }).click();
  await page.getByRole("row").filter({ hasText: NAME }).getByRole("button", { name: "Bring back" }).click();
  await expect(page.getByText(`${NAME} is back.`)).toBeVisible();
  expect((await page.request.get(placed)).status()).toBe(200);
});
