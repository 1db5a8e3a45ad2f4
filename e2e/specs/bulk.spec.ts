import pg from "pg";
import { expect, runningReeve, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { violationsOf } from "../page-check";
import { seedUi } from "../seed-ui";

// Several runs at once: chosen, counted, tagged and deleted by a job whose results stay, and refused to whom the role does not allow it.

test.describe.configure({ mode: "serial" });

// A project of each try's own: runs that an earlier try tagged or deleted would not be those that this one expects.
let RUNS = "";

test.beforeAll(async () => {
  const { repeatEachIndex, retry } = test.info();
  const project = `bulk-${repeatEachIndex}-${retry}`;
  RUNS = `/${WORKSPACE}/projects/${project}/runs`;
  const { ownerUrl } = runningReeve();
  const client = new pg.Client({ connectionString: ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  try {
    await client.query(
      "insert into project (id, workspace_id, name, display_name) select gen_random_uuid(), id, $1, 'Bulk' from workspace where slug = $2 on conflict (workspace_id, name) do nothing",
      [project, WORKSPACE],
    );
  } finally {
    await client.end();
  }
  await seedUi(ownerUrl, { workspace: WORKSPACE, project, runs: 12 });
});

test("three runs are chosen, counted, tagged by a job, and its result stays; two are deleted", async ({ openAs }) => {
  const tag = `a-${Date.now()}`; // the first of each run's tags, and new each time
  const page = await openAs("workspaceAdmin");
  await page.goto(RUNS);
  const rows = page.getByRole("row").filter({ has: page.getByRole("gridcell") });
  await expect(rows.nth(5)).toBeVisible();
  const total = await rows.count();
  const choose = async (...at: number[]) => {
    for (const row of at) await rows.nth(row).getByRole("checkbox").check();
  };
  await choose(0, 1, 2);
  const bar = page.getByRole("region", { name: "Selected runs" });
  await bar.getByRole("button", { name: "Tag…" }).click();
  const tagging = page.getByRole("dialog", { name: "Tag the chosen runs" });
  await tagging.getByRole("combobox", { name: "Tags" }).fill(tag);
  await tagging.getByRole("option", { name: `New tag ${tag}` }).click();
  await expect(tagging).toContainText("Will be tagged: 3 runs.");
  expect(await violationsOf(page)).toEqual([]);
  await tagging.getByRole("button", { name: "Put tags on" }).click();
  await expect(bar).toContainText("3 done");
  await expect(rows.nth(0)).toContainText(tag);

  await bar.getByRole("link", { name: "Open the job" }).click();
  await expect(page.getByRole("heading", { name: `Tag 3 runs as ${tag}` })).toBeVisible();
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText("Done");
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("link", { name: "Jobs" }).first().click();
  await expect(rows.filter({ hasText: `Tag 3 runs as ${tag}` })).toContainText("3 done");

  await page.goto(RUNS);
  const name = await rows.nth(4).getByRole("link").first().textContent();
  await choose(3, 4);
  await bar.getByRole("button", { name: "Delete…" }).click();
  const deleting = page.getByRole("dialog", { name: "Delete the chosen runs" });
  await expect(deleting).toContainText("Will be deleted: 2 runs.");
  await expect(deleting).toContainText(/Goes with them: .*steps/);
  await deleting.getByRole("textbox").fill("3 runs");
  await deleting.getByRole("button", { name: "Delete 2 runs" }).click();
  await expect(deleting.getByText("Type 2 runs.").first()).toBeVisible();
  await deleting.getByRole("textbox").fill("2 runs");
  await deleting.getByRole("button", { name: "Delete 2 runs" }).click();
  await expect(bar).toContainText("2 done");
  await expect(rows).toHaveCount(total - 2);
  await expect(page.getByText(name ?? "", { exact: true })).toHaveCount(0);
});

test("a Contributor may tag and stop, and is told why not delete", async ({ openAs }) => {
  const page = await openAs("contributor");
  await page.goto(RUNS);
  await page.getByRole("row").nth(1).getByRole("checkbox").check();
  const bar = page.getByRole("region", { name: "Selected runs" });
  await expect(bar.getByRole("button", { name: "Stop…" })).toBeEnabled();
  await bar.getByRole("button", { name: "Delete…" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "Deleting runs is not in your role" })).toContainText("Workspace Admin");
});
