import type { Page } from "@playwright/test";
import pg from "pg";
import { expect, runningReeve, test } from "../browser";
import { OTHER_WORKSPACE, PEOPLE, type PersonId, WORKSPACE } from "../fixtures";
import { seedUi } from "../seed-ui";

// The same run and the same trail, seen by a Viewer, a Contributor, a Workspace Admin and a System Admin, and not by somebody of
// another workspace: each gets the pages, the navigation and the answers of their role, and leaves by signing out.

test.describe.configure({ mode: "serial" });

const PROJECT = `journeys`;
let run: { id: string; name: string };

test.beforeAll(async () => {
  const { ownerUrl } = runningReeve();
  const client = new pg.Client({ connectionString: ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  try {
    // A project of its own, so that other tests' runs don't matter here.
    await client.query(
      "insert into project (id, workspace_id, name, display_name) select gen_random_uuid(), id, $1, 'Journeys' from workspace where slug = $2 on conflict (workspace_id, name) do nothing",
      [PROJECT, WORKSPACE],
    );
    const { failedRunId } = await seedUi(ownerUrl, { workspace: WORKSPACE, project: PROJECT, runs: 12 });
    run = (await client.query("select id, name from run where id = $1", [failedRunId])).rows[0];
  } finally {
    await client.end();
  }
});

type Expected = {
  role: string;
  workspaces: string[];
  hasOrganizationAudit: boolean;
  /** Whether the workspace's trail shows what others did. */
  seesOthersActs: boolean;
  mayExport: boolean;
};

const JOURNEYS: [PersonId, Expected][] = [
  ["viewer", { role: "Viewer", workspaces: [WORKSPACE], hasOrganizationAudit: false, seesOthersActs: true, mayExport: false }],
  ["contributor", { role: "Contributor", workspaces: [WORKSPACE], hasOrganizationAudit: false, seesOthersActs: false, mayExport: false }],
  ["workspaceAdmin", { role: "Workspace Admin", workspaces: [WORKSPACE], hasOrganizationAudit: true, seesOthersActs: true, mayExport: true }],
  ["systemAdmin", { role: "System Admin", workspaces: [WORKSPACE, OTHER_WORKSPACE], hasOrganizationAudit: true, seesOthersActs: true, mayExport: true }],
];

const navigation = (page: Page) => page.getByRole("navigation").first();
const runsPath = `/${WORKSPACE}/projects/${PROJECT}/runs`;

async function statusOf(page: Page, path: string): Promise<number> {
  const response = await page.request.get(path, { maxRedirects: 0 });
  return response.status();
}

for (const [person, expected] of JOURNEYS)
  test(`${expected.role}: home, runs, a run, the trail, and out`, async ({ openAs, reeve }) => {
    const page = await openAs(person, "/", { isFresh: true });

    // Home: the workspaces that were granted and no others; the navigation of the role.
    await expect(page.getByRole("heading", { level: 1, name: "Acme" })).toBeVisible();
    for (const workspace of [WORKSPACE, OTHER_WORKSPACE])
      await expect(page.getByRole("main").getByText(workspace, { exact: true })).toHaveCount(expected.workspaces.includes(workspace) ? 1 : 0);
    await expect(navigation(page).getByRole("link", { name: "Home" })).toBeVisible();
    await expect(navigation(page).getByRole("link", { name: "Audit" })).toHaveCount(expected.hasOrganizationAudit ? 1 : 0);

    // The runs list and one run, by clicking.
    await page.goto(runsPath);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Runs");
    await expect(navigation(page).getByRole("link", { name: "Runs" })).toHaveAttribute("aria-current", "page");
    await page.goto(`${runsPath}/${run.id}`);
    await expect(page.getByRole("heading", { level: 1 })).toContainText(run.name);
    await expect(page.getByText("feature_names mismatch").first()).toBeVisible();

    // The workspace's trail, from its beginning (other tests fill its newest page): its own acts only for a Contributor.
    await page.goto(`/${WORKSPACE}/audit?f=seq~lt~60`);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Audit");
    await expect(page.getByRole("main").getByText("Operator", { exact: true }).first()).toBeVisible({ visible: expected.seesOthersActs });
    expect(await statusOf(page, `/${WORKSPACE}/audit/export?format=csv`)).toBe(expected.mayExport ? 200 : 403);

    // What the role does not reach is not there.
    const isOrganizationWide = person === "systemAdmin";
    expect(await statusOf(page, `/${OTHER_WORKSPACE}/projects/default/runs`)).toBe(isOrganizationWide ? 200 : 404);
    expect(await statusOf(page, `/${OTHER_WORKSPACE}/audit`)).toBe(isOrganizationWide ? 200 : 404);
    expect(await statusOf(page, `/${OTHER_WORKSPACE}/projects/default/runs/${run.id}`)).toBe(404);
    expect(await statusOf(page, "/no-such-workspace")).toBe(404);

    await page.goto("/");
    await page.getByRole("button", { name: /^Account:/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await page.waitForURL(`${reeve.url}/sign-in`);
    expect(await statusOf(page, runsPath)).toBe(307);
  });

test("somebody of another workspace finds none of it, and cannot tell it from what does not exist", async ({ openAs }) => {
  const page = await openAs("outsider");
  await expect(page.locator("body")).not.toContainText(WORKSPACE);
  const bodies: string[] = [];
  for (const path of [`/${WORKSPACE}`, runsPath, `${runsPath}/${run.id}`, `/${WORKSPACE}/audit`, "/nothing-here"]) {
    const response = await page.goto(path);
    expect(response?.status(), path).toBe(404);
    bodies.push((await page.getByRole("main").innerText()).replace(/[0-9a-f-]{36}/g, "id"));
  }
  expect(new Set(bodies).size).toBe(1);
  for (const path of [`/${WORKSPACE}/audit/export`, `${runsPath}/export`, `/api/live?workspace=${WORKSPACE}&project=${PROJECT}`])
    expect(await statusOf(page, path), path).toBe(404);
});

test("each of them left their sign-in, their sign-out and their refusals in the trail", async () => {
  const client = new pg.Client({ connectionString: runningReeve().ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  try {
    for (const person of ["viewer", "contributor", "workspaceAdmin", "systemAdmin"] as const) {
      const { rows } = await client.query("select distinct action, outcome from audit_entry where actor_name = $1", [PEOPLE[person].name]);
      const acts = rows.map((row) => `${row.action} ${row.outcome}`);
      expect(acts, person).toEqual(expect.arrayContaining(["session.started allowed", "session.ended allowed"]));
      if (person !== "systemAdmin" && person !== "workspaceAdmin") expect(acts, person).toContain("audit-entry.export denied");
    }
  } finally {
    await client.end();
  }
});
