import { expect, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { seedUi } from "../seed-ui";

// What a list shows is kept under a name, renamed, changed and deleted.

test("a view is saved, opened by its tab, changed, renamed and deleted", async ({ openAs, reeve }) => {
  await seedUi(reeve.ownerUrl, { workspace: WORKSPACE, runs: 120 });
  const runs = `/${WORKSPACE}/projects/default/runs`;
  const page = await openAs("contributor", `${runs}?f=status~is~failed`);
  const views = page.getByRole("navigation", { name: "Views" });
  await page.getByRole("button", { name: "Save view" }).click();
  const form = page.getByRole("dialog", { name: "Save view" });
  await form.getByRole("button", { name: "Save view" }).click();
  await expect(form.getByRole("alert")).toBeVisible();
  await form.getByLabel("Name").fill("Broken ones");
  await form.getByRole("button", { name: "Save view" }).click();
  await expect(form).toBeHidden();
  await expect(views.getByRole("link", { name: "Broken ones" })).toHaveAttribute("aria-current", "page");

  await page.goto(`${runs}?f=pipeline~contains~train`);
  await page.getByRole("button", { name: "Save view" }).click();
  await page.getByRole("menuitem", { name: "In “Broken ones”" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save in this view" }).click();
  await expect(views.getByRole("link", { name: "Broken ones" })).toHaveAttribute("aria-current", "page");

  await page.getByRole("button", { name: "View", exact: true }).click();
  await page.getByRole("menuitem", { name: "Rename or share" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Whole ones");
  await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  await expect(views.getByRole("link", { name: "Whole ones" })).toBeVisible();

  await page.getByRole("button", { name: "View", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete view" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete view" }).click();
  await expect(views.getByRole("link", { name: "Whole ones" })).toHaveCount(0);
});
