import pg from "pg";
import { expect, test } from "../browser";
import { OTHER_WORKSPACE, WORKSPACE } from "../fixtures";
import { type CheckedPage, checkPages, violationsOf } from "../page-check";
import { seedUi } from "../seed-ui";

// Artifacts, their versions and steps: the lists, a version beside the others, a step's own page.

const PROJECT = `/${WORKSPACE}/projects/default`;

test.describe.configure({ mode: "default" }); // one worker: the seed is made once
test.beforeAll(async ({ reeve }) => {
  await seedUi(reeve.ownerUrl, { workspace: WORKSPACE, runs: 120 });
});

async function seeded(url: string, text: string, values: unknown[]): Promise<void> {
  const client = new pg.Client({ connectionString: url, options: "-c search_path=reeve" });
  await client.connect();
  await client.query(text, values).finally(() => client.end());
}

const PAGES: CheckedPage[] = [
  { name: "artifacts", person: "viewer", path: () => `${PROJECT}/artifacts` },
  { name: "artifact versions", person: "contributor", path: () => `${PROJECT}/artifact-versions?f=artifact~is~labels` },
  { name: "artifact versions, none yet", person: "outsider", path: () => `/${OTHER_WORKSPACE}/projects/default/artifact-versions` },
  { name: "artifact version", person: "viewer", path: () => `${PROJECT}/artifacts/features_train` },
  { name: "artifact version, compared", person: "contributor", path: () => `${PROJECT}/artifacts/features_train/3?tab=compare&with=2` },
  { name: "steps", person: "contributor", path: () => `${PROJECT}/steps?f=name~is~train_model&f=status~is~failed` },
];

test("an artifact leads to its newest version, and the arrows to the older ones", async ({ openAs }) => {
  const page = await openAs("viewer", `${PROJECT}/artifacts`);
  await page.getByRole("grid").getByRole("link", { name: "features_train", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "features_train" })).toBeVisible();
  await expect(page.getByText("Latest", { exact: true })).toBeVisible();
  const rail = page.getByRole("navigation", { name: "Versions" });
  const newest = Number((await rail.locator('[aria-current="page"]').getAttribute("data-version")) ?? "0");
  await rail.locator('[aria-current="page"]').focus();
  await page.keyboard.press("ArrowDown");
  await expect(page).toHaveURL(new RegExp(`/artifacts/features_train/${newest - 1}$`));
  await expect(rail.locator(`[data-version="${newest - 1}"]`)).toBeFocused();
  await page.keyboard.press("Escape");
  await page.getByRole("link", { name: "Compare" }).click();
  await expect(page.getByRole("heading", { name: "Differs" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Differs" }).getByRole("row", { name: /Content digest/ })).toContainText("differs");
  await page.getByRole("searchbox", { name: /Find a version/ }).fill("no such version");
  await page.keyboard.press("Enter");
  await expect(rail.getByText("No version has this")).toBeVisible();
});

test("an artifact whose versions were all deleted says so, and its name still opens", async ({ openAs, reeve }) => {
  const name = `emptied-${Date.now()}`;
  await seeded(
    reeve.ownerUrl,
    `insert into artifact (id, workspace_id, project_id, name)
     select gen_random_uuid(), p.workspace_id, p.id, $1
     from project p join workspace w on w.id = p.workspace_id where w.slug = $2 and p.name = 'default'`,
    [name, WORKSPACE],
  );
  const page = await openAs("viewer", `${PROJECT}/artifacts?f=name~is~${name}`);
  await page.getByRole("grid").getByRole("link", { name, exact: true }).click();
  await expect(page.getByText("This artifact has no versions.")).toBeVisible();
  expect(await violationsOf(page)).toEqual([]);
  await page.goto(`${PROJECT}/artifacts/${name}-not`);
  await expect(page.getByText("This artifact has no versions.")).toHaveCount(0);
});

test("versions are narrowed by what uses them and by metadata", async ({ openAs }) => {
  const page = await openAs("viewer", `${PROJECT}/artifact-versions`);
  const shown = page.getByText(/in this view/);
  await expect(shown).toBeVisible();
  const all = await shown.textContent();
  await page.getByRole("link", { name: "Unused" }).click();
  await expect(page).toHaveURL(/f=used~is~nothing/);
  await expect(shown).not.toHaveText(String(all));
  await expect(page.getByRole("grid").getByRole("row").nth(1)).toContainText("nothing");
  await page.goto(`${PROJECT}/artifact-versions?f=meta.storage_size~gt~1e12`);
  await expect(page.getByText("No version matches this filter")).toBeVisible();
});

test("a step opens as a page of its own with the way back to its run", async ({ openAs }) => {
  const page = await openAs("viewer", `${PROJECT}/steps?f=status~is~failed&f=name~is~train_model`);
  await page.getByRole("grid").getByRole("link", { name: "train_model", exact: true }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: "train_model" })).toBeVisible();
  await expect(page.getByText(/feature_names mismatch/).first()).toBeVisible();
  await page.getByRole("navigation", { name: "Parts of the step" }).getByRole("link", { name: "Code" }).click();
  await expect(page.getByText("def train_model")).toBeVisible();
  await page.getByRole("link", { name: "In its run" }).click();
  await expect(page).toHaveURL(/\/runs\/[0-9a-f-]+\?step=train_model/);
});

test("a viewer sees that deleting a version is not theirs, an admin sees what would go with it", async ({ openAs }) => {
  const path = `${PROJECT}/artifacts/features_train/2`;
  const viewer = await openAs("viewer", path);
  await viewer.getByRole("button", { name: "Delete…" }).press("Enter"); // aria-disabled: a refused control keeps its focus
  await expect(viewer.getByText("Deleting artifact versions is not in your role")).toBeVisible();
  const admin = await openAs("workspaceAdmin", path);
  await admin.getByRole("button", { name: "Delete…" }).click();
  await expect(admin.getByRole("dialog")).toContainText("Will be deleted: 1 artifact version");
  await admin.getByLabel("Type features_train 2").fill("features_train 3");
  await admin.getByRole("button", { name: "Delete features_train 2" }).click();
  await expect(admin.getByRole("dialog").getByRole("alert")).toContainText("Type features_train 2.");
  await admin.goto(path);
  await expect(admin.getByRole("heading", { level: 1, name: "features_train" })).toBeVisible();
});

test("each list gives what it shows as CSV", async ({ openAs }) => {
  const page = await openAs("viewer", `${PROJECT}/artifacts`);
  for (const [path, head] of [
    ["artifacts.csv?f=name~is~labels", "artifact,id,versions"],
    ["artifact-versions/export?f=artifact~is~labels", "artifact,version,id"],
    ["steps/export?f=name~is~train_model", "step,try,status"],
  ]) {
    const answer = await page.request.get(`${PROJECT}/${path}`);
    expect(answer.status(), path).toBe(200);
    const lines = (await answer.text()).trim().split("\n");
    expect(lines[0]?.replace("\uFEFF", ""), path).toContain(head);
    expect(lines.length, path).toBeGreaterThan(1);
  }
});

checkPages(PAGES);
