import pg from "pg";
import { startKvServer } from "@/lib/secret-stores/kv-server.sample";
import { expect, runningReeve, test } from "../browser";
import { MOVED_WORKSPACE } from "../fixtures";
import { violationsOf } from "../page-check";

// The values of a workspace move to an outside store by its pages: a dry run, copying, cutting over, and the end of the old values; each dialog
// says what it does and where the values lie.

const STORES = `/${MOVED_WORKSPACE}/settings/secret-store`;
let kv: Awaited<ReturnType<typeof startKvServer>>;

test.beforeAll(async () => {
  kv = await startKvServer();
  const client = new pg.Client({ connectionString: runningReeve().ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  await client.query("update workspace set allow_networks = '{127.0.0.0/8}' where slug = $1", [MOVED_WORKSPACE]);
  await client.end();
});
test.afterAll(() => kv.stop());

test("a store is added, everything moves there and back, and each step says where the values lie", async ({ openAs }) => {
  test.setTimeout(180_000);
  const owner = await openAs("mover", `/${MOVED_WORKSPACE}/secrets/new`);
  await owner.getByLabel("Name", { exact: true }).fill("moving");
  await owner.getByLabel("Key 1").fill("password");
  await owner.getByLabel("value of password", { exact: true }).fill("canary-moving");
  await owner.getByRole("button", { name: "Create secret" }).click();
  await expect(owner).toHaveURL(/\/secrets\/[0-9a-f-]{36}$/);

  const page = await openAs("mover", STORES);
  const main = page.locator("main");
  const dialog = page.getByRole("dialog");
  await expect(main).toContainText("Add a store to keep them in your OpenBao");
  await page.getByRole("link", { name: "Add a store" }).click();
  await expect(page.locator("textarea#ca"), "certificates have lines").toBeVisible();
  await page.locator("#address").fill(kv.settings.address);
  await page.locator("#token").fill(kv.settings.token);
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("button", { name: "Try and add" }).click();
  await expect(page).toHaveURL(new RegExp(`${STORES}$`));

  await page.getByRole("link", { name: "Move everything here…" }).click();
  await expect(main).toContainText("is up and allows all that is needed");
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("button", { name: "Start copying" }).click();
  await expect(page.getByText("The copying has begun.").first()).toBeVisible();
  await page.getByRole("button", { name: "Cut over…" }).click({ timeout: 60_000 });
  await expect(dialog).toContainText("The old values stay in Reeve’s own store");
  expect(await violationsOf(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Cut over" }).click();
  await expect(main).toContainText("The old values still lie in Reeve’s own store");
  await expect(main).toContainText("0 versions, each sealed");

  await page.getByRole("button", { name: "Destroy what lies in Reeve’s own store…" }).click();
  await expect(dialog).toContainText("Ends for good:");
  expect(await violationsOf(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Roll back…" }).click();
  await expect(dialog).toContainText("everything is read from Reeve’s own store again");
  await dialog.getByRole("button", { name: "Roll back" }).click();
  await page.getByRole("button", { name: "Destroy what lies in OpenBao or Vault…" }).click({ timeout: 60_000 });
  await dialog.getByLabel(`Type ${MOVED_WORKSPACE}`).fill(MOVED_WORKSPACE);
  await dialog.getByRole("button", { name: "Destroy the old values" }).click();
  await expect(page.getByText("is being destroyed.").first()).toBeVisible();
  await expect.poll(() => kv.held.size, { timeout: 60_000 }).toBe(0);

  await page.getByRole("button", { name: "Use for new values…" }).click();
  await dialog.getByRole("button", { name: "Use for new values" }).click();
  await expect(page.getByText("New values go to Reeve’s own store from now on.").first()).toBeVisible();
  await expect(async () => {
    await page.reload();
    await page.getByRole("button", { name: "Take away…" }).click({ timeout: 2_000 });
  }).toPass({ timeout: 60_000 });
  await dialog.getByRole("button", { name: "Take the store away" }).click();
  await expect(page.getByText("Took OpenBao or Vault away.").first()).toBeVisible();
  expect(await page.content()).not.toMatch(/canary-/);
});
