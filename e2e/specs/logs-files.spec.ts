import fs from "node:fs";
import type { Page } from "@playwright/test";
import pg from "pg";
import { expect, runningReeve, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { violationsOf } from "../page-check";
import { logLine, type SeededFiles, seedFiles } from "../seed-files";
import { seedUi } from "../seed-ui";

// What is read from artifact stores, in a browser: a log of a million lines, and what pipelines drew, kept apart from the page around it.

const LINES = 1_000_000;
// A project of its own, so that other tests count what they made.
const PROJECT = "logs-files";
let seeded: SeededFiles;

test.describe.configure({ mode: "default" }); // one of them writes the log for all

test.beforeAll(async () => {
  test.setTimeout(180_000);
  const { ownerUrl, artifactRoot } = runningReeve();
  const client = new pg.Client({ connectionString: ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  await client
    .query(
      "insert into project (id, workspace_id, name, display_name) select gen_random_uuid(), id, $1, 'Logs and files' from workspace where slug = $2 on conflict (workspace_id, name) do nothing",
      [PROJECT, WORKSPACE],
    )
    .finally(() => client.end());
  const { failedRunId } = await seedUi(ownerUrl, { workspace: WORKSPACE, project: PROJECT, runs: 12 });
  seeded = await seedFiles(ownerUrl, { workspace: WORKSPACE, project: PROJECT, root: artifactRoot, runId: failedRunId, lines: LINES });
});

const logs = (more: string) => `/${WORKSPACE}/projects/${PROJECT}/runs/${seeded.runId}?tab=logs&log=${more}`;
const line = (page: Page, number: number) => page.getByRole("link", { name: `Line ${number}`, exact: true });
const list = (page: Page) => page.getByRole("region", { name: "Lines" });

test("a step's own page has its log", async ({ openAs }) => {
  const page = await openAs("viewer", `/${WORKSPACE}/projects/${PROJECT}/runs/${seeded.runId}?tab=steps&step=${seeded.stepName}`);
  await page.getByRole("complementary").getByRole("link", { name: "Open as page" }).click();
  await expect(page.getByRole("heading", { level: 1, name: seeded.stepName })).toBeVisible();
  await page.getByRole("navigation", { name: "Parts of the step" }).getByRole("link", { name: "Logs" }).click();
  await expect(line(page, 1)).toBeVisible();
  await expect(page).toHaveURL(/\/steps\/[0-9a-f-]+\?tab=logs/);
  await line(page, 2).click();
  await expect(page).toHaveURL(/tab=logs.*line=2#L2$/);
  expect(await violationsOf(page)).toEqual([]);
});

test.describe("a log of a million lines", () => {
  test("opens at the line of a permalink, goes to both ends, and makes permalinks of lines and ranges", async ({ openAs }) => {
    const page = await openAs("viewer", logs(`${seeded.longLogId}&line=500000#L500000`));
    await expect(line(page, 500_000)).toBeInViewport();
    await expect(page.getByText("epoch 500 done, loss")).toBeVisible();
    await expect(page.getByRole("status").filter({ hasText: "of 1,000,000" })).toBeVisible();
    await list(page).press("End");
    await expect(line(page, 1_000_000)).toBeInViewport();
    await list(page).press("Home");
    await expect(line(page, 1)).toBeInViewport();
    await line(page, 3).click();
    await line(page, 5).click({ modifiers: ["Shift"] });
    expect(page.url()).toMatch(/line=3-5#L3-L5$/);
    await page.reload();
    await expect(line(page, 4)).toHaveAttribute("aria-current", "location");
    await page.getByLabel("Go to line").fill("777,777");
    await page.getByLabel("Go to line").press("Enter");
    await expect(line(page, 777_777)).toBeInViewport();
  });

  test("is searched with a count, and stepped through forwards and back", async ({ openAs }) => {
    test.setTimeout(120_000);
    const page = await openAs("viewer", logs(seeded.longLogId));
    await expect(line(page, 1)).toBeVisible();
    await page.getByLabel("Find in the log").fill("EPOCH 5");
    await expect(line(page, 5_000)).toBeInViewport();
    await expect(page.getByText("1 of 111", { exact: true })).toBeVisible({ timeout: 60_000 }); // 5, 50–59, 500–599
    await page.getByLabel("Find in the log").press("Enter");
    await expect(page.getByText("2 of 111", { exact: true })).toBeVisible();
    await expect(line(page, 50_000)).toBeInViewport();
    await expect(page.locator("mark").first()).toHaveText("epoch 5");
    await list(page).focus();
    await page.keyboard.press("n");
    await expect(line(page, 51_000)).toBeInViewport();
    await page.keyboard.press("N");
    await page.keyboard.press("N");
    await expect(line(page, 5_000)).toBeInViewport();
  });

  test("shows a level alone, and axe finds nothing in it", async ({ openAs }) => {
    test.setTimeout(180_000);
    const page = await openAs("viewer", logs(seeded.longLogId));
    await page.getByLabel("Go to line").waitFor(); // the page's own scripts run
    await page.getByLabel("Least level").selectOption("40");
    await expect(page.getByRole("status").filter({ hasText: "of 562 with error and above, of 1,000,000" })).toBeVisible({ timeout: 90_000 });
    await expect(page.getByText("ValueError: feature_names mismatch").first()).toBeVisible();
    await expect(line(page, 1_777)).toBeVisible();
    for (const theme of ["light", "dark"]) {
      await page.evaluate((chosen) => {
        document.documentElement.dataset.theme = chosen;
      }, theme);
      await page.waitForTimeout(300);
      expect(await violationsOf(page)).toEqual([]);
    }
  });
});

test("a log is read without scripts, page by page", async ({ browser, openAs, reeve }) => {
  const signedIn = await openAs("viewer", "/workspaces");
  const context = await browser.newContext({ baseURL: reeve.url, storageState: await signedIn.context().storageState(), javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(logs(`${seeded.longLogId}&line=500000#L500000`));
  await expect(line(page, 500_000)).toBeInViewport();
  await page.getByRole("link", { name: "Next lines" }).click();
  await expect(line(page, 500_001)).toBeVisible();
  await context.close();
});

test("a log that grows is followed until one scrolls up", async ({ openAs, reeve }) => {
  test.setTimeout(90_000);
  const client = new pg.Client({ connectionString: reeve.ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  try {
    const { rows } = await client.query("select status, in_progress, end_time from run where id = $1", [seeded.runId]);
    await client.query("update run set status = 'running', in_progress = true, end_time = null where id = $1", [seeded.runId]);
    const page = await openAs("viewer", logs(seeded.growingLog.id));
    await page.getByRole("button", { name: "Follow" }).click();
    const add = (from: number, to: number) =>
      fs.appendFileSync(seeded.growingLog.file, Array.from({ length: to - from + 1 }, (_, at) => logLine(`line ${from + at}`)).join(""));
    add(2, 300);
    await expect(line(page, 300)).toBeInViewport({ timeout: 20_000 });
    await list(page).hover();
    await page.mouse.wheel(0, -2_000);
    await expect(page.getByRole("button", { name: "Follow" })).toHaveAttribute("aria-pressed", "false");
    add(301, 400);
    await expect(page.getByRole("status").filter({ hasText: "of 400" })).toBeVisible({ timeout: 20_000 });
    await expect(line(page, 400)).toHaveCount(0);
    await client.query("update run set status = $2, in_progress = $3, end_time = $4 where id = $1", [
      seeded.runId,
      rows[0].status,
      rows[0].in_progress,
      rows[0].end_time,
    ]);
  } finally {
    await client.end();
  }
});

test.describe("what pipelines drew", () => {
  const version = () => `/${WORKSPACE}/projects/${PROJECT}/artifacts/${encodeURIComponent(seeded.artifactName)}/${encodeURIComponent(seeded.version)}`;

  test("HTML runs after a click, and reaches neither cookies nor the page around it", async ({ openAs }) => {
    const page = await openAs("viewer", version());
    const address = page.waitForResponse((answer) => answer.url().includes("/api/frames/") && answer.url().endsWith("theme=light"));
    const title = await page.title();
    await page.getByRole("button", { name: "Show the HTML" }).click();
    const frame = page.frameLocator('iframe[title="Visualization profile.html"]');
    await expect(frame.locator("#says")).toHaveText("cookie: refused, parent: refused, storage: refused, top: refused");
    await expect(frame.locator("body")).toHaveAttribute("data-fetch", "refused");
    expect(await page.title()).toBe(title);
    expect(page.url()).toContain(version());
    const answer = await address;
    const headers = await answer.allHeaders();
    expect(headers["content-security-policy"]).toBe(
      "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'self'",
    );
    expect([headers["x-frame-options"], headers["x-content-type-options"], headers["cache-control"]]).toEqual(["SAMEORIGIN", "nosniff", "private, no-store"]);
    expect((await page.request.get(answer.url())).status()).toBe(403);
  });

  test("tables, trees, pictures and Markdown load when they come into view, and axe finds nothing in them", async ({ openAs }) => {
    test.setTimeout(120_000);
    const page = await openAs("viewer", version());
    await page.getByRole("heading", { name: "head.csv" }).scrollIntoViewIfNeeded();
    await expect(page.getByText("The first 200 rows.")).toBeVisible();
    for (const name of ["summary.json", "report.md", "curve.svg", "dot.png"]) await page.getByRole("heading", { name }).scrollIntoViewIfNeeded();
    await expect(page.getByText("148204")).toBeVisible();
    const markdown = page.frameLocator('iframe[title="Visualization report.md"]');
    await expect(markdown.getByRole("heading", { name: "Data report" })).toBeVisible();
    await expect(markdown.getByText("<script>document.title = 'taken'</script>")).toBeVisible();
    for (const name of ["curve.svg", "dot.png"])
      await expect
        .poll(() => page.getByRole("img", { name: `Visualization ${name}` }).evaluate((image) => (image as HTMLImageElement).naturalWidth))
        .toBeGreaterThan(0);
    expect(await page.title()).not.toBe("taken");
    // axe waits for a word from each frame, and this one runs no scripts.
    await page.locator("iframe").evaluateAll((frames) => {
      for (const frame of frames as HTMLIFrameElement[]) {
        frame.removeAttribute("sandbox");
        frame.src = "about:blank";
      }
    });
    expect(await violationsOf(page)).toEqual([]);
  });

  test("the beginning of the data is shown when it is asked for, and axe finds nothing in it", async ({ openAs }) => {
    const page = await openAs("viewer", version());
    const table = page.getByRole("region", { name: "labels.tsv" });
    await expect(async () => {
      await page.getByRole("button", { name: "Show the beginning" }).click({ timeout: 1_000 }); // heard once the page's scripts run
      await expect(table).toBeVisible({ timeout: 2_000 });
    }).toPass();
    await expect(table.getByRole("row")).toHaveCount(41);
    await expect(page.getByText("data.parquet")).toBeVisible();
    await page.locator("iframe").evaluateAll((frames) => {
      for (const frame of frames) frame.remove(); // axe waits for a word from each, and some run no scripts
    });
    expect(await violationsOf(page)).toEqual([]);
  });

  test("a download works once", async ({ openAs }) => {
    const page = await openAs("viewer", version());
    const started = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download", exact: true }).click();
    const download = await started;
    expect(download.suggestedFilename()).toMatch(/\.tar\.gz$/);
    expect(fs.statSync((await download.path()) as string).size).toBeGreaterThan(500);
    const again = await page.request.get(download.url());
    expect(again.status()).toBe(403);
    expect(await again.text()).toContain("This address was used already");
  });
});
