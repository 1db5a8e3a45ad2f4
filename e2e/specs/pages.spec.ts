import { expect, listening, test } from "../browser";
import { OTHER_WORKSPACE, WORKSPACE } from "../fixtures";
import { type CheckedPage, checkPages, violationsOf } from "../page-check";
import { seedUi } from "../seed-ui";

// Every page of the console in both themes on a desktop and on a phone: axe (WCAG 2.2 A and AA) finds nothing, nothing is logged as an
// error, nothing scrolls sideways. And the acts that a list lives by: filter, sort, page, keys, live rows, export.

const RUNS = `/${WORKSPACE}/projects/default/runs`;
const EMPTY_RUNS = `/${OTHER_WORKSPACE}/projects/default/runs`;
const SEEDED = 120;

let failedRunId = "";
test.describe.configure({ mode: "default" }); // one worker: the seed is made once
test.beforeAll(async ({ reeve }) => {
  ({ failedRunId } = await seedUi(reeve.ownerUrl, { workspace: WORKSPACE, runs: SEEDED }));
});

const PAGES: CheckedPage[] = [
  { name: "home", person: "systemAdmin", path: () => "/" },
  { name: "home of a viewer", person: "viewer", path: () => "/" },
  { name: "workspaces", person: "systemAdmin", path: () => "/workspaces" },
  { name: "runs", person: "contributor", path: () => `${RUNS}?f=number~gt~${SEEDED - 12}` },
  { name: "runs, filtered", person: "contributor", path: () => `${RUNS}?f=status~is~failed&f=started~last~30d&f=number~gt~${SEEDED - 60}` },
  { name: "runs, none by filter", person: "contributor", path: () => `${RUNS}?f=pipeline~starts~zzz&f=status~is~failed` },
  { name: "runs, unknown parts", person: "contributor", path: () => `${RUNS}?f=nope~is~1&sort=nope&f=number~gt~${SEEDED - 3}` },
  { name: "runs, none yet", person: "outsider", path: () => EMPTY_RUNS },
  { name: "failed run", person: "viewer", path: () => `${RUNS}/${failedRunId}` },
  ...["snapshot", "metadata", "audit", "steps&step=train_model", "steps&step=train_model&pane=config"].map((tab) => ({
    name: `run, ${tab}`,
    person: "viewer" as const,
    path: () => `${RUNS}/${failedRunId}?tab=${tab}`,
  })),
  { name: "audit of the organization", person: "auditor", path: () => "/audit?f=seq~lt~20" },
  { name: "audit with an open entry", person: "auditor", path: () => "/audit?f=seq~lt~20&open=3" },
  { name: "audit entry", person: "auditor", path: () => "/audit/3" },
  { name: "audit of a workspace, own acts", person: "contributor", path: () => `/${WORKSPACE}/audit?f=seq~lt~40` },
  { name: "not found", person: "viewer", path: () => "/no-such-workspace" },
];

test("the theme of the cookie is there at the first paint", async ({ openAs, reeve }) => {
  const page = await openAs("viewer", null);
  await page.context().addCookies([{ name: "reeve.theme", value: "dark", url: reeve.url }]);
  const html = await (await page.request.get("/")).text();
  expect(html).toContain('data-theme="dark"');
});

test("open layers pass axe too", async ({ openAs }) => {
  test.setTimeout(150_000);
  const page = await openAs("contributor", `${RUNS}?f=number~gt~${SEEDED - 12}`);
  const check = async (what: string) => {
    expect(await violationsOf(page), what).toEqual([]);
    await page.keyboard.press("Escape");
  };
  await page.keyboard.press("f");
  await expect(page.getByRole("combobox", { name: "Field to filter by" })).toBeFocused();
  await check("filter");
  await page.getByRole("button", { name: "Columns" }).click();
  await check("columns");
  await page.getByRole("button", { name: /^Account/ }).press("Enter"); // by key: the first item is then the tab stop of the scrolling menu
  await expect(page.getByRole("menuitemradio").first()).toBeFocused();
  await check("account");
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeVisible();
  await check("key map");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toBeHidden();
});

test("a filter is a chip, a URL and a Back", async ({ openAs }) => {
  const page = await openAs("contributor", RUNS);
  await expect(page.getByText(`${SEEDED} in this view`)).toBeVisible();
  await page.keyboard.press("f");
  await page.keyboard.type("stat");
  await page.keyboard.press("Enter");
  await page.getByRole("checkbox", { name: "Failed" }).check();
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page).toHaveURL(/f=status~is~failed/);
  const rows = page.getByRole("grid").getByRole("row");
  await expect(rows.nth(1)).toContainText("Failed");
  await expect(page.getByRole("grid").getByText("Succeeded")).toHaveCount(0);
  await page.goBack();
  await expect(page.getByText(`${SEEDED} in this view`)).toBeVisible();
});

test("what is typed before a layer's code has come goes to the layer", async ({ openAs }) => {
  const page = await openAs("contributor", "/");
  const first = await (await page.request.get(RUNS)).text();
  await page.route("**/_next/static/**/*.js", async (route) => {
    if (!first.includes(new URL(route.request().url()).pathname)) await new Promise((resolve) => setTimeout(resolve, 1_000));
    await route.continue();
  });
  await page.goto(RUNS);
  await listening(page);
  await page.keyboard.press("f");
  await page.keyboard.type("stat");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("checkbox", { name: "Failed" })).toBeVisible();
});

test("filters join by or and part again; a cell filters by itself; rows are selected by key until the filter changes", async ({ openAs }) => {
  const page = await openAs("contributor", `${RUNS}?f=status~is~failed&f=status~is~running&f=number~gt~2`);
  const bar = page.getByRole("region", { name: "Selected runs" });
  await page.getByRole("button", { name: "and", exact: true }).first().click();
  await expect(page).toHaveURL(/f=status~is~failed&f=or~status~is~running&f=number~gt~2$/);
  await expect(page.getByRole("grid").getByRole("row").nth(1)).toContainText(/Failed|Running/);
  await page.getByRole("button", { name: "or", exact: true }).click();
  await expect(page).toHaveURL(/f=status~is~failed&f=status~is~running&f=number~gt~2$/);

  await page.goto(RUNS);
  await listening(page);
  await expect(page.getByRole("grid").locator("tbody tr")).toHaveCount(50); // those below the screen are drawn a moment later
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("Shift+X");
  await expect(bar).toContainText("2 runs");
  expect(await violationsOf(page)).toEqual([]);
  for (let at = 0; at < 4; at++) await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Shift+F");
  await expect(page).toHaveURL(/\?f=pipeline~is~/);
  await expect(bar).toBeHidden();
});

test("sort and pages keep their order, without a row twice", async ({ openAs }) => {
  const page = await openAs("contributor", `${RUNS}?sort=number`);
  const numbers = async () => (await page.getByRole("grid").locator("tbody tr td:nth-child(2)").allTextContents()).map(Number);
  await expect.poll(async () => (await numbers()).length, "the rows below the screen come after the first ones").toBe(50);
  const first = await numbers();
  expect(first).toEqual([...first].sort((a, b) => a - b));
  await page.getByRole("link", { name: "Next 50" }).click();
  await expect(page).toHaveURL(/after=/);
  await expect.poll(async () => (await numbers())[0]).toBe((first.at(-1) ?? 0) + 1);
  const second = await numbers();
  expect(new Set([...first, ...second]).size).toBe(first.length + second.length);
});

test("AZ-10: a cursor that was tampered with is refused in words, and with 400 by the export", async ({ openAs }) => {
  const page = await openAs("contributor", `${RUNS}?after=bm9wZQ.AAAA`);
  await expect(page.getByRole("main").getByRole("alert")).toContainText("The page cursor is not valid");
  expect((await page.request.get(`${RUNS}/export?after=bm9wZQ.AAAA`)).status()).toBe(400);
});

test("keys walk the rows and open one", async ({ openAs }) => {
  const page = await openAs("contributor", RUNS);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await expect(page.locator("tbody tr:first-child td:nth-child(1)")).toBeFocused();
  await page.keyboard.press("ArrowRight");
  await expect(page.locator("tbody tr:first-child td:nth-child(2)")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]{36}$/);
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await expect(page).toHaveURL(/\/$/);
});

test("new rows wait until they are asked for", async ({ openAs, reeve }) => {
  const page = await openAs("contributor", RUNS);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  const newest = await page.locator("tbody tr:first-child td:nth-child(2)").textContent();
  await seedOne(reeve.ownerUrl);
  const waiting = page.getByRole("button", { name: /1 new run/ });
  await expect(waiting).toBeVisible({ timeout: 15_000 });
  expect(await page.locator("tbody tr:first-child td:nth-child(2)").textContent()).toBe(newest);
  await page.keyboard.press(".");
  await expect(page.locator("tbody tr:first-child td:nth-child(2)")).toHaveText(String(Number(newest) + 1));
});

test("a failed run shows its error first, own frames in ink", async ({ openAs }) => {
  const page = await openAs("viewer", `${RUNS}/${failedRunId}`);
  await expect(page.getByRole("heading", { name: /ValueError: feature_names mismatch/ })).toBeVisible();
  await expect(page.getByLabel("Traceback").getByText("steps/train.py")).toHaveClass(/text-ink(?!-)/);
  await expect(page.getByLabel("Traceback").getByText("step_runner.py")).toHaveClass(/text-ink-3/);
});

test("the audit export needs the right, is refused in place without it, and is itself an entry", async ({ openAs }) => {
  const contributor = await openAs("contributor", `/${WORKSPACE}/audit`);
  await contributor.getByRole("button", { name: "Export" }).press("Enter");
  await expect(contributor.getByRole("dialog")).toContainText("Workspace Admin");
  expect((await contributor.request.get(`/${WORKSPACE}/audit/export`)).status()).toBe(403);
  const auditor = await openAs("auditor", "/audit");
  const answer = await auditor.request.get("/audit/export?format=jsonl&f=action~is~run.started");
  expect(answer.status()).toBe(200);
  const entries = (await answer.text())
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { action: string });
  expect(new Set(entries.map(({ action }) => action))).toEqual(new Set(["run.started"]));
  await auditor.reload();
  await expect(auditor.getByRole("grid").getByText("audit-entry.exported").first()).toBeVisible();
});

test("who may read what", async ({ openAs }) => {
  const viewer = await openAs("viewer", "/");
  await expect(viewer.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Audit" })).toHaveCount(0);
  expect((await viewer.goto("/audit"))?.status()).toBe(404);
  expect((await viewer.goto(EMPTY_RUNS))?.status()).toBe(404);
  expect((await viewer.goto(`${RUNS}/00000000-0000-7000-8000-000000000000`))?.status()).toBe(404);
  const outsider = await openAs("outsider", "/");
  expect((await outsider.goto(`${RUNS}/${failedRunId}`))?.status()).toBe(404);
  expect((await outsider.request.get(`/api/live?workspace=${WORKSPACE}&project=default`)).status()).toBe(404);
});

checkPages(PAGES);

/** One more run, told to open pages as a command would. */
async function seedOne(ownerUrl: string): Promise<void> {
  const { default: pg } = await import("pg");
  const client = new pg.Client({ connectionString: ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  try {
    await client.query(
      `insert into run (id, workspace_id, project_id, pipeline_id, snapshot_id, name, number, index, status, in_progress, origin, credential_kind, request_id, created_by, start_time)
       select gen_random_uuid(), workspace_id, project_id, pipeline_id, snapshot_id, 'live-' || gen_random_uuid(), number + 1, index + 1, 'running', true, origin, credential_kind, 'test', created_by, now()
       from run where project_id = (select p.id from project p join workspace w on w.id = p.workspace_id where w.slug = $1 and p.name = 'default') order by number desc limit 1`,
      [WORKSPACE],
    );
    await client.query(
      "select pg_notify('reeve_event', json_build_object('projectId', p.id)::text) from project p join workspace w on w.id = p.workspace_id where w.slug = $1 and p.name = 'default'",
      [WORKSPACE],
    );
  } finally {
    await client.end();
  }
}
