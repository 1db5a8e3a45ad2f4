import pg from "pg";
import { expect, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { checkPages } from "../page-check";
import { seedBigRun } from "../seed-big-run";
import { seedUi } from "../seed-ui";

// The page of one run: its tabs and panel by address and by key, a failed run, a run that goes on, and one of 500 steps.

const RUNS = `/${WORKSPACE}/projects/default/runs`;
const BIG = 500;

let failed = "";
let running = "";
let big = "";
test.describe.configure({ mode: "default" }); // one worker: the seed is made once
test.beforeAll(async ({ reeve }) => {
  const seeded = await seedUi(reeve.ownerUrl, { workspace: WORKSPACE, runs: 120 });
  failed = seeded.failedRunId;
  await withOwner(reeve.ownerUrl, async (client) => {
    const { rows } = await client.query("select id from run where id = any($1) and status = 'running'", [seeded.runIds]);
    running = rows[0]?.id;
  });
  big = (await seedBigRun(reeve.ownerUrl, { workspace: WORKSPACE, steps: BIG })).runId;
});

test("tabs and the panel are addresses, and have keys", async ({ openAs }) => {
  const page = await openAs("viewer", `${RUNS}/${failed}?tab=steps`);
  const tabs = page.getByRole("navigation", { name: "Parts of the run" });
  await page.keyboard.press("l");
  await expect(tabs.locator("[aria-current=page]")).toHaveText("Logs");
  await page.goBack();
  await expect(tabs.locator("[aria-current=page]")).toContainText("Steps");

  await page.keyboard.press("n");
  const panel = page.getByRole("complementary", { name: "Step train_model" });
  await expect(panel).toBeFocused(); // opened by key: the focus moves in
  await expect(page).toHaveURL(/step=train_model/);
  await expect(panel.getByRole("heading", { name: /feature_names mismatch/ })).toBeVisible();
  await panel.getByRole("link", { name: "Code", exact: true }).click();
  await expect(panel.getByLabel("Code", { exact: true })).toContainText("booster.fit");
  await page.keyboard.press("[");
  await expect(page.getByRole("complementary", { name: "Step build_features" })).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("complementary")).toHaveCount(0);
  await expect(page).not.toHaveURL(/step=/);
});

test("the panel has the width that one gave it, in the next page too", async ({ openAs }) => {
  const page = await openAs("viewer", `${RUNS}/${failed}?tab=steps&step=train_model`);
  const width = page.getByRole("separator", { name: /^Width of/ });
  await expect(width).toHaveAttribute("aria-valuenow", "412");
  await page.keyboard.press("Alt+ArrowRight");
  await expect(width).toHaveAttribute("aria-valuenow", "392");
  await page.reload();
  await expect(width).toHaveAttribute("aria-valuenow", "392");
});

test("an artifact opens beside the run, and leads to the steps that touched it", async ({ openAs }) => {
  const page = await openAs("viewer", `${RUNS}/${failed}?tab=steps`);
  await page.getByRole("main").getByRole("link", { name: "features_train" }).first().click();
  const panel = page.getByRole("complementary", { name: "Artifact features_train" });
  await expect(panel.getByText("DataFrame")).toBeVisible();
  await panel.locator("section").filter({ hasText: "Given out by" }).getByRole("link", { name: "build_features" }).click();
  await expect(page.getByRole("complementary", { name: "Step build_features" })).toBeVisible();
  await page.goto(`${RUNS}/${failed}?artifact=00000000-0000-7000-8000-000000000000`);
  await expect(page.getByRole("complementary")).toContainText("There is no such artifact version here.");
});

test("a run that goes on changes in place: panel, focus and scroll stay", async ({ openAs, reeve }) => {
  const page = await openAs("viewer", `${RUNS}/${running}?tab=steps&step=load_transactions`);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await expect(page.getByText("not started").first()).toBeVisible();
  const find = page.getByRole("searchbox", { name: "Find a step" });
  await find.focus();
  await withOwner(reeve.ownerUrl, async (client) => {
    await client.query("update step_run set status = 'failed', end_time = now(), updated_at = now() where run_id = $1 and status = 'running'", [running]);
    await client.query("select pg_notify('reeve_event', json_build_object('projectId', project_id, 'runId', id)::text) from run where id = $1", [running]);
  });
  await expect(page.getByRole("navigation", { name: "Steps by state" }).getByRole("link", { name: "Failed 1" })).toBeVisible({ timeout: 15_000 });
  await expect(find).toBeFocused();
  await expect(page.getByRole("complementary", { name: "Step load_transactions" })).toBeVisible();
});

test("500 steps: a short outline that folds, narrows and finds", async ({ openAs }) => {
  const page = await openAs("viewer", `${RUNS}/${big}?tab=steps`);
  const html = await (await page.request.get(`${RUNS}/${big}?tab=steps`)).text();
  expect(html.length).toBeLessThan(300_000);
  const outline = page
    .getByRole("main")
    .getByRole("list")
    .filter({ has: page.getByRole("link", { name: "score" }) })
    .last();
  await expect(outline.getByRole("listitem").first()).toContainText("score"); // failed ones first
  await page.getByRole("link", { name: "score", exact: true }).click();
  await expect(page.getByRole("link", { name: "map:score:0", exact: true })).toBeVisible();
  await page
    .getByRole("navigation", { name: "Steps by state" })
    .getByRole("link", { name: /^Failed/ })
    .click();
  await expect(page).toHaveURL(/status=failed/);
  await expect(page.getByRole("main").getByText(/^map:extract/)).toHaveCount(0);
  await page.keyboard.press("/");
  await page.keyboard.type("no such step");
  await expect(page.getByText("No step matches “no such step” in this state.")).toBeVisible();
});

checkPages([
  { name: "run of 500 steps", person: "viewer", path: () => `${RUNS}/${big}?tab=steps` },
  { name: "run with an artifact beside it", person: "contributor", path: () => `${RUNS}/${failed}?tab=steps&step=train_model&pane=environment` },
]);

async function withOwner(ownerUrl: string, act: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  try {
    await act(client);
  } finally {
    await client.end();
  }
}
