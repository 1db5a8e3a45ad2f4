import type { Page } from "@playwright/test";
import { expect, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { violationsOf } from "../page-check";
import { type BigRun, seedBigRun } from "../seed-big-run";
import { seedUi } from "../seed-ui";

// The graph and the timeline of a run, by keyboard: a small run that failed and one of 500 steps with mapped groups.

const RUNS = `/${WORKSPACE}/projects/default/runs`;

let small = "";
let big: BigRun;
test.describe.configure({ mode: "default" }); // one worker: the seed is made once
test.beforeAll(async ({ reeve }) => {
  ({ failedRunId: small } = await seedUi(reeve.ownerUrl, { workspace: WORKSPACE, runs: 120 }));
  big = await seedBigRun(reeve.ownerUrl, { workspace: WORKSPACE, steps: 500, failures: 3 });
});

const node = (page: Page, name: string | RegExp) => page.locator("[data-node]").and(page.getByLabel(name));
const key = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.node);

/** In both themes; axe sees colours where they end. */
async function expectAccessible(page: Page) {
  for (const theme of ["light", "dark"]) {
    await page.evaluate(async (chosen) => {
      document.documentElement.dataset.theme = chosen;
      await Promise.allSettled(document.getAnimations().map((one) => one instanceof CSSTransition && one.finished));
    }, theme);
    expect(await violationsOf(page), theme).toEqual([]);
  }
}

test("a graph is walked along its edges by keys, and a node's link opens its panel", async ({ openAs }) => {
  test.setTimeout(120_000);
  const page = await openAs("viewer", `${RUNS}/${small}?tab=graph`);
  const first = node(page, /^load_transactions, succeeded, /);
  await first.focus();
  await page.keyboard.press("ArrowDown");
  expect(await key(page)).toMatch(/^a:load_transactions:/);
  await page.keyboard.press("ArrowDown");
  expect(await key(page)).toBe("s:build_features");
  await page.keyboard.press("ArrowDown");
  const artifact = await key(page);
  await page.keyboard.press("Tab");
  expect(await key(page)).toMatch(/^a:build_features:/);
  expect(await key(page)).not.toBe(artifact);
  await page.keyboard.press("ArrowUp");
  expect(await key(page)).toBe("s:build_features");
  await expect(node(page, /^evaluate, not started/)).toBeVisible();
  await expectAccessible(page);

  await node(page, /^train_model, failed, /).press("Enter");
  await expect(page).toHaveURL(/step=train_model/);
  await expect(node(page, /^train_model, failed/)).toHaveAttribute("aria-current", "true");
  // The graph was not made anew: the camera and the node are where they were.
  await expect(node(page, /^load_transactions/)).toBeVisible();
});

test("focus mode leaves what is before and after, and takes the rest off the keys", async ({ openAs }) => {
  const page = await openAs("viewer", `${RUNS}/${small}?tab=graph`);
  const other = page.locator('[data-node^="a:build_features:features_test"]');
  await node(page, /^train_model/).focus();
  await page.keyboard.press("ArrowUp");
  const focused = await key(page);
  await page.keyboard.press("f");
  const faint = page.locator('[data-node][aria-disabled="true"]');
  await expect(faint).toHaveCount(1); // the other artifact of build_features
  await expect(faint).not.toHaveAttribute("data-node", focused ?? "");
  await expect(faint).toHaveAttribute("tabindex", "-1");
  await page.keyboard.press("Tab");
  expect(await key(page)).not.toBe(await faint.getAttribute("data-node"));
  await node(page, /^train_model/).focus(); // Esc in a field leaves the field first
  await page.keyboard.press("Escape");
  await expect(faint).toHaveCount(0);
  await expect(other).toBeVisible();
});

test("500 steps: what failed is out of its closed group, groups open and close, search goes from hit to hit", async ({ openAs }) => {
  test.setTimeout(150_000);
  const page = await openAs("contributor", `${RUNS}/${big.runId}?tab=graph`);
  const failed = node(page, `${big.failedSteps[0]}, failed, 12 seconds, 2 tries`).or(node(page, new RegExp(`^${big.failedSteps[0]}, failed`)));
  await expect(failed).toBeVisible();
  const group = page.locator('[data-fold="g:extract"]');
  await expect(group).toHaveAccessibleName(/^extract, group of 1\d\d steps, succeeded, closed$/);
  await expectAccessible(page);

  const before = await group.boundingBox();
  await group.focus();
  await page.keyboard.press("e");
  await expect(group).toHaveCount(0);
  const opened = page.locator('[data-node="s:map:extract:0"]');
  await expect(opened).toBeFocused();
  const after = await opened.boundingBox();
  expect(Math.abs((after?.x ?? 0) - (before?.x ?? 0)), "what was acted on stays where it is").toBeLessThan(2);
  expect(await page.locator("[data-node]").count(), "only what is in view is drawn").toBeLessThan(120);
  await page.keyboard.press("e");
  await expect(group).toBeFocused();

  await page.keyboard.press("/");
  const search = page.getByRole("textbox", { name: "Find step" });
  await expect(search).toBeFocused();
  await search.fill("clean:7");
  await search.press("Enter");
  await expect(page.getByRole("search").getByRole("status")).toHaveText(/^1 of \d+: map:clean:7, in clean$/);
  await search.press("Enter");
  await expect(page.getByRole("search").getByRole("status")).toHaveText(/^2 of /);
  await search.press("ArrowDown");
  expect(await key(page)).toBe("g:clean");

  await page.keyboard.press("n");
  await expect(page).toHaveURL(new RegExp(`step=${encodeURIComponent(big.failedSteps[0] ?? "").replaceAll("%3A", "(:|%3A)")}`));
});

test("opening a step reads the step, not the graph once more, and nothing moves", async ({ openAs }) => {
  test.setTimeout(120_000);
  const page = await openAs("viewer", `${RUNS}/${big.runId}?tab=graph`);
  const [first = "", second = ""] = big.failedSteps;
  await expect(node(page, new RegExp(`^${first}, failed`))).toBeVisible();
  const seen: { url: string; size: number }[] = [];
  page.on("requestfinished", async (request) => {
    if (/\/api\/graphs\/|\/runs\//.test(request.url())) seen.push({ url: request.url(), size: (await request.sizes()).responseBodySize });
  });
  await node(page, new RegExp(`^${first}, failed`)).press("Enter");
  await expect(page.getByRole("complementary", { name: `Step ${first}` })).toBeVisible();
  await node(page, new RegExp(`^${second}, failed`)).press("Enter");
  await expect(page.getByRole("complementary", { name: `Step ${second}` })).toBeVisible();
  await page.getByRole("navigation", { name: "Parts of the run" }).getByRole("link", { name: "Timeline" }).click();
  await expect(page.getByRole("slider", { name: "Moment of the run" })).toBeVisible();
  expect(
    seen.filter(({ url }) => url.includes("/api/graphs/")),
    "the timeline draws what the graph was drawn from",
  ).toEqual([]);
  expect(seen.length, "the steps came").toBeGreaterThan(0);
  expect(Math.max(...seen.map(({ size }) => size)), "as they came, compressed").toBeLessThan(20_000);
});

test("the failed step opens beside the graph: traceback and graph stay where they are", async ({ openAs }) => {
  const page = await openAs("viewer", `${RUNS}/${small}?tab=graph`);
  const failed = node(page, /^train_model, failed, /);
  await expect(failed).toBeVisible();
  const traceback = page.getByRole("region", { name: "Traceback" }).first();
  const graph = page.getByRole("application");
  const top = async () => [(await traceback.boundingBox())?.y, (await graph.boundingBox())?.y];
  await failed.focus(); // which brings it into view
  const before = await top();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("complementary", { name: "Step train_model" })).toBeVisible();
  await expect(failed).toHaveAttribute("aria-current", "true");
  expect(await top()).toEqual(before);
});

test("the timeline says in words what went on, by keys, and is a table too", async ({ openAs }) => {
  test.setTimeout(120_000);
  const page = await openAs("viewer", `${RUNS}/${small}?tab=timeline`);
  const slider = page.getByRole("slider", { name: "Moment of the run" });
  await slider.focus();
  await page.keyboard.press("Home");
  await expect(slider).toHaveAttribute("aria-valuetext", /load_transactions running, 0 of 4 done/);
  await page.keyboard.press("Shift+ArrowRight");
  await expect(slider).toHaveAttribute("aria-valuetext", /build_features running, 1 of 4 done/);
  await page.keyboard.press("End");
  await expect(slider).toHaveAttribute("aria-valuetext", /nothing running, 3 of 4 done/);
  await page.keyboard.press("Home");
  await page.keyboard.press("+");
  await expect(slider).toHaveAttribute("aria-valuetext", /0 of 4 done/);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Show as table" }).click();
  await expect(page.getByRole("row", { name: /train_model Failed/ })).toContainText("yes");
  await expectAccessible(page);
});

test("a timeline of 500 steps draws the lanes in view", async ({ openAs }) => {
  const page = await openAs("viewer", `${RUNS}/${big.runId}?tab=timeline`);
  await expect(page.getByRole("link", { name: "plan_partitions" })).toBeVisible();
  expect(await page.locator('section[aria-label="Timeline of the run"] a').count()).toBeLessThan(60);
});
