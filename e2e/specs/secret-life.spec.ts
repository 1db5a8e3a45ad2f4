import { expect, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { violationsOf } from "../page-check";

// What becomes of a secret after it was made: changed, rotated, an earlier version written again, deleted, brought back, destroyed. And the
// master key that all of it rests under is rotated meanwhile.

test("a secret is changed, goes back to an earlier version, is deleted, brought back and destroyed", async ({ openAs }) => {
  const page = await openAs("contributor", `/${WORKSPACE}/secrets/new`);
  const name = `cellar-${Date.now()}`;
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("radio", { name: /^Shared/ }).check();
  await page.getByLabel("Key 1").fill("password");
  await page.getByLabel("value of password", { exact: true }).fill("canary-one");
  await page.getByRole("button", { name: "Create secret" }).click();
  await expect(page.getByRole("heading", { name })).toBeVisible();
  const path = new URL(page.url()).pathname;

  await page.getByRole("button", { name: "Change…" }).click();
  await page.getByRole("dialog").getByLabel("Description").fill("Opens the cellar.");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Opens the cellar.")).toBeVisible();
  await page.getByRole("button", { name: "Rotate…" }).click();
  await page.getByLabel("new value of password", { exact: true }).fill("canary-two");
  await page.getByRole("button", { name: "Write version 2" }).click();
  await expect(page.getByRole("dialog")).toBeHidden();

  await page.goto(`${path}/versions`);
  expect(await violationsOf(page)).toEqual([]);
  await expect(page.getByRole("button", { name: "Take over…" }), "it lies in Reeve").toHaveCount(0);
  await page.getByRole("button", { name: "Destroy version 1…" }).click();
  await expect(page.getByRole("dialog")).toContainText("the values of version 1");
  await expect(page.getByRole("dialog")).toHaveCSS("text-align", "left");
  expect(await violationsOf(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await page.getByRole("row").filter({ hasText: "v1" }).getByRole("button", { name: "Restore" }).click();
  await expect(page.getByRole("row").filter({ hasText: "v3 from v1" })).toContainText("current");
  expect(await page.content()).not.toContain("canary-");

  await page.goto(path);
  await page.getByRole("button", { name: "Delete this secret" }).click();
  await page.getByLabel(`Type ${name}`).fill(name);
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Delete/ })
    .last()
    .click();
  await expect(page).toHaveURL(/secrets$/);
  await page.getByRole("link", { name: "Deleted" }).click();
  const row = page.getByRole("row").filter({ hasText: name });
  await row.getByRole("button", { name: "Bring back" }).click();
  await expect(row).toBeHidden();

  await page.goto(path);
  await page.getByRole("button", { name: "Delete this secret" }).click();
  await page.getByLabel(`Type ${name}`).fill(name);
  await page
    .getByRole("dialog")
    .getByRole("button", { name: /Delete/ })
    .last()
    .click();
  await expect(page).toHaveURL(/secrets$/);
  await page.goto(`/${WORKSPACE}/secrets/deleted`);
  expect(await violationsOf(page)).toEqual([]);
  await row.getByRole("button", { name: "Destroy…" }).click();
  await page.getByLabel(`Type ${name}`).fill(name);
  await page.getByRole("button", { name: "Destroy values" }).click();
  await expect(row.getByRole("button", { name: "Destroy…" })).toBeHidden();
});

test("a System Admin rotates the master key, and sees the old one end", async ({ openAs }) => {
  const page = await openAs("systemAdmin", "/settings/system");
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("button", { name: "Rotate master key" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Rotate", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeHidden();
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("row").filter({ hasText: "Ended" }).first()).toBeVisible({ timeout: 1_000 });
    await expect(page.getByRole("row").filter({ hasText: "Being left" })).toHaveCount(0, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
});
