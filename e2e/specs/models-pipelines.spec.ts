import { expect, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { type CheckedPage, checkPages, violationsOf } from "../page-check";
import { seedUi } from "../seed-ui";

// Models and pipelines: each really different page passes axe in both themes and sizes; and what people do there: filter by a number that
// was logged, document a model, go from a run to its pipeline and model, find them in the palette.

const PROJECT = `/${WORKSPACE}/projects/default`;
const SCORER = `${PROJECT}/models/fraud-scorer`;

test.describe.configure({ mode: "default" });
test.beforeAll(async ({ reeve }) => {
  await seedUi(reeve.ownerUrl, { workspace: WORKSPACE, runs: 120 });
});

const PAGES: CheckedPage[] = [
  { name: "pipelines", person: "viewer", path: () => `${PROJECT}/pipelines` },
  { name: "pipeline, snapshots", person: "contributor", path: () => `${PROJECT}/pipelines/fraud_train/snapshots` },
  { name: "pipeline, changes", person: "workspaceAdmin", path: () => `${PROJECT}/pipelines/fraud_train?tab=changes` },
  { name: "models", person: "viewer", path: () => `${PROJECT}/models` },
  { name: "model, stages", person: "auditor", path: () => `${SCORER}?tab=stages` },
  { name: "model version", person: "contributor", path: () => `${SCORER}/46` },
  { name: "model versions", person: "viewer", path: () => `${PROJECT}/model-versions?f=meta.auc~gt~0.9` },
];
checkPages(PAGES);

test("a list is filtered by a number that was logged, from the field list", async ({ openAs }) => {
  const page = await openAs("viewer", `${PROJECT}/model-versions`);
  const field = page.getByRole("combobox", { name: "Field to filter by" });
  await expect(async () => {
    await page.keyboard.press("f"); // heard once the page's scripts run
    await expect(field).toBeVisible({ timeout: 1_000 });
  }).toPass();
  await field.fill("metadata");
  await page.keyboard.press("Enter");
  await page.getByRole("combobox", { name: "Metadata key to filter by" }).fill("recall");
  await page.getByRole("option", { name: /recall_at_1pct/ }).click();
  await page.getByRole("combobox", { name: "recall_at_1pct" }).selectOption("gt");
  await page.getByRole("spinbutton", { name: "Value" }).fill("0.69");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/f=meta\.recall_at_1pct~gt~0\.69/);
  await expect(page.getByRole("button", { name: /^recall_at_1pct > 0\.69/ })).toBeVisible();
  await expect(page.getByRole("grid").getByRole("link", { name: "v48" })).toBeVisible();
  await expect(page.getByRole("grid").getByRole("link", { name: "v44" })).toHaveCount(0);
  const csv = await (await page.request.get(`${PROJECT}/model-versions/export?f=meta.recall_at_1pct~gt~0.69`)).text();
  expect(csv).toContain("fraud-scorer,48");
  expect(csv).not.toContain("fraud-scorer,44");
});

test("a model is documented by who may; others see the lock", async ({ openAs }) => {
  const viewer = await openAs("viewer", `${SCORER}?tab=documentation`);
  await expect(viewer.getByRole("button", { name: "Edit documentation" })).toHaveAttribute("aria-disabled", "true");
  const page = await openAs("workspaceAdmin", `${SCORER}?tab=documentation`);
  await page.getByRole("button", { name: "Edit documentation…" }).click();
  await page.getByRole("textbox", { name: /^Audience/ }).fill("The risk desk.");
  await page.getByRole("button", { name: "Save documentation" }).click();
  await expect(page.getByRole("main").getByText("The risk desk.")).toBeVisible();
});

test("a run leads to its pipeline and model, and the palette finds them by name", async ({ openAs }) => {
  const page = await openAs("viewer", `${PROJECT}/runs?f=model~is~fraud-scorer`);
  await page.getByRole("grid").getByRole("link", { name: "fraud_train", exact: true }).first().click();
  await expect(page).toHaveURL(new RegExp(`${PROJECT}/pipelines/fraud_train$`));
  await expect(page.getByRole("heading", { level: 1, name: "fraud_train" })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("m");
  await expect(page).toHaveURL(new RegExp(`${PROJECT}/models$`));
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("combobox").fill("fraud-scor");
  await page
    .getByRole("option", { name: /fraud-scorer.*default/ })
    .first()
    .click();
  await expect(page).toHaveURL(new RegExp(`${SCORER}$`));
});

test("all versions of a model that match are acted on together, and no other model's", async ({ openAs }) => {
  const page = await openAs("workspaceAdmin", `${SCORER}?f=meta.auc~gt~0&f=tag~missing&match=any`);
  const rows = page.getByRole("row").filter({ has: page.getByRole("gridcell") });
  await rows.first().getByRole("checkbox").check();
  const bar = page.getByRole("region", { name: "Selected versions" });
  const all = bar.getByRole("button", { name: /^Select all/ });
  const many = (await all.textContent())?.match(/[\d,]+/)?.[0] ?? "";
  await all.click();
  await bar.getByRole("button", { name: "Delete…" }).click();
  const deleting = page.getByRole("dialog", { name: "Delete the chosen model versions" });
  await expect(deleting).toContainText(`Will be deleted: ${many} model versions.`);
  await page.keyboard.press("Escape");
});

test("the menu of a row opens by key on its cell, names what the row links to, and gives the focus back", async ({ openAs }) => {
  const page = await openAs("workspaceAdmin", `${PROJECT}/model-versions`);
  const cell = page.locator("td:focus");
  const menu = page.getByRole("menu", { name: "Acts on this version" });
  await expect(async () => {
    await page.keyboard.press("j"); // heard once the page's scripts run
    await expect(cell).toBeVisible({ timeout: 1_000 });
  }).toPass();
  for (const key of ["Home", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
  const words = (await cell.textContent()) ?? "";
  await page.keyboard.press("e");
  await expect(menu.getByRole("menuitem", { name: "Open", exact: true })).toBeFocused();
  expect(await violationsOf(page, "[role=menu]"), "what the menu covers is no target while it is open").toEqual([]);
  await page.keyboard.press("Escape");
  await expect(menu).toBeHidden();
  await expect(cell).toHaveText(words);
  await page.keyboard.press("e");
  await menu.getByRole("menuitem", { name: "Select", exact: true }).press("Enter");
  await expect(page.getByRole("region", { name: "Selected versions" })).toContainText("1 version");
  await expect(cell).toHaveText(words);
  await page.keyboard.press("e");
  await menu.getByRole("menuitem", { name: /^Model / }).press("Enter");
  await expect(page).toHaveURL(new RegExp(`${PROJECT}/models/[^/]+$`));
});

test("what is not there is a 404", async ({ openAs }) => {
  const page = await openAs("viewer", `${PROJECT}/models`);
  for (const path of [`${SCORER}/999`, `${PROJECT}/models/none`, `${PROJECT}/pipelines/none`, `${PROJECT}/pipelines/none/snapshots`])
    expect((await page.request.get(path)).status(), path).toBe(404);
  expect((await page.request.get(`${PROJECT}/models/%ff`)).status(), "what no address spells").toBe(400);
});
