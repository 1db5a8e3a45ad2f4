import { expect, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { violationsOf } from "../page-check";
import { seedUi } from "../seed-ui";

// Every list that a page offers to export gives a CSV to who may read the list, and is not there for others.

const EXPORTS: [path: string, firstColumn: string][] = [
  [`/${WORKSPACE}/access`, "who"],
  [`/${WORKSPACE}/access/requests`, "asked by"],
  [`/${WORKSPACE}/access/invitations`, "e-mail address"],
  [`/${WORKSPACE}/access/reach`, "who"],
  [`/${WORKSPACE}/jobs`, "job"],
  ["/access", "who"],
  ["/access/requests", "asked by"],
  ["/access/invitations", "e-mail address"],
  ["/access/reach", "who"],
];

test("the lists of access and jobs export what they show", async ({ openAs }) => {
  const page = await openAs("workspaceAdmin", `/${WORKSPACE}/access`);
  await expect(page.getByRole("link", { name: "Export" })).toHaveAttribute("href", `/${WORKSPACE}/access/export`);
  for (const [path, firstColumn] of EXPORTS) {
    const response = await page.request.get(`${path}/export`);
    expect(response.status(), path).toBe(200);
    expect(response.headers()["content-type"], path).toContain("text/csv");
    expect((await response.text()).split(",")[0], path).toBe(firstColumn);
  }
  const members = await page.request.get(`/${WORKSPACE}/access/export?f=who~contains~no-such-person`);
  expect((await members.text()).trim().split("\r\n")).toHaveLength(1);

  const viewer = await openAs("viewer");
  expect((await viewer.request.get(`/${WORKSPACE}/access/invitations/export`)).status()).toBe(404);
  const stranger = await openAs("outsider");
  for (const path of [`/${WORKSPACE}/access/export`, `/${WORKSPACE}/jobs/export`]) expect((await stranger.request.get(path)).status(), path).toBe(404);
});

test("the steps and a key of metadata become columns of the runs list, and of its CSV", async ({ openAs, reeve }) => {
  await seedUi(reeve.ownerUrl, { workspace: WORKSPACE, runs: 120 });
  const page = await openAs("viewer", `/${WORKSPACE}/projects/default/runs`);
  const grid = page.getByRole("grid");
  await expect(grid).toBeVisible();
  await page.getByRole("button", { name: "Columns" }).click();
  await page.getByRole("checkbox", { name: "Steps" }).check();
  await expect(grid.getByRole("columnheader", { name: "Steps" })).toBeVisible();
  await expect(grid.getByText(/^\d+ of \d+$/).first()).toBeVisible();
  const menu = page.getByRole("dialog", { name: "Columns" });
  if (!(await menu.isVisible())) await page.getByRole("button", { name: "Columns" }).click();
  await menu.getByRole("button", { name: "Metadata key" }).click();
  await menu.getByRole("option").first().click();
  await expect(page).toHaveURL(/cols=.*steps.*meta\./);
  const key = decodeURIComponent(/meta\.([^,&]+)/.exec(page.url())?.[1] ?? "");
  await expect(grid.getByRole("columnheader", { name: key })).toBeVisible();
  await page.keyboard.press("Escape");
  expect(await violationsOf(page)).toEqual([]);
  const href = await page.getByRole("link", { name: "Export" }).getAttribute("href");
  const lines = (await (await page.request.get(String(href))).text()).split("\r\n");
  expect(lines[0]).toContain(`,steps ended,steps,${key}`);
});
