import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test } from "../browser";
import { OTHER_WORKSPACE, WORKSPACE } from "../fixtures";
import { checkPages, violationsOf } from "../page-check";

// A review of who has access to a workspace: each grant is kept or revoked by somebody else than who holds it, and the sign-off seals the list.
// And looking at the console as a role: read-only, under a banner, ended by hand.

test.describe.configure({ mode: "default" });

let review = "";
let organizationReview = "";
const rowOf = (page: Page, who: string) => page.getByRole("grid").getByRole("row").filter({ hasText: who });

test("a workspace's grants are reviewed; what is revoked ends on the next request", async ({ openAs }) => {
  const page = await openAs("systemAdmin", `/${OTHER_WORKSPACE}/access`);
  await page.getByRole("button", { name: "Add…" }).click();
  await page.getByRole("dialog").getByLabel("E-mail address").fill("aiko@acme.example");
  await page.getByRole("dialog").getByLabel("Role", { exact: true }).selectOption("contributor");
  await page.getByRole("dialog").getByRole("button", { name: "Give the role" }).click();
  await expect(page.getByText("Aiko Brandt has the role.").first()).toBeVisible();
  const aiko = await openAs("auditor", `/${OTHER_WORKSPACE}/stacks`);
  await expect(aiko.getByRole("link", { name: "New stack" })).toBeVisible();

  await page.goto(`/${OTHER_WORKSPACE}/access/reviews`);
  await expect(page.getByText("No access was reviewed here yet.")).toBeVisible();
  await page.getByRole("button", { name: "New review…" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name", { exact: true }).fill("Autumn review");
  await form.getByRole("button", { name: "Open the review" }).click();
  await expect(page).toHaveURL(/\/access\/reviews\/[0-9a-f-]{36}$/);
  review = new URL(page.url()).pathname;
  await expect(page.getByRole("button", { name: "Sign off…" })).toBeDisabled();
  await page.setViewportSize({ width: 390, height: 844 });
  await expect(page.getByRole("listitem").filter({ hasText: "churn-ci" }).getByRole("button", { name: "Keep" }), "on a phone too").toBeVisible();
  await page.setViewportSize({ width: 1280, height: 720 });

  for (const who of ["churn-ci", "Oskar"]) {
    await rowOf(page, who).getByRole("button", { name: "Keep" }).click();
    await expect(rowOf(page, who)).toContainText("Kept");
  }
  await rowOf(page, "Aiko").getByRole("button", { name: "Revoke…" }).click();
  await form.getByRole("button", { name: "Revoke the grant" }).click();
  await expect(form.getByText("Say why: it stands in the review and in the audit trail.").first()).toBeVisible();
  await form.getByLabel("Why").fill("moved to another team");
  await form.getByRole("button", { name: "Revoke the grant" }).click();
  await expect(rowOf(page, "Aiko")).toContainText("Revoked");
  await aiko.reload();
  await expect(aiko.getByRole("link", { name: "New stack" })).toHaveCount(0);
});

test("when every row is decided it is signed off, sealed, and exported", async ({ openAs }) => {
  const page = await openAs("systemAdmin", review);
  await page.getByRole("button", { name: "Sign off…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Sign off the review" }).click();
  await expect(page.getByText("SHA-256 of the list")).toBeVisible();
  await expect(page.getByRole("button", { name: "Keep" })).toHaveCount(0);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Export" }).click();
  const text = readFileSync(await (await download).path(), "utf8");
  expect(text.split("\r\n")[0]).toContain("who,members,role,scope");
  expect(text).toContain("moved to another team");
  await page.goto(`/${OTHER_WORKSPACE}/audit?f=action~is~access-review.signed-off`);
  await expect(page.getByRole("grid")).toContainText("Autumn review");
});

test("nobody decides on their own access, several rows are kept at once, and an auditor revokes nothing", async ({ openAs }) => {
  const page = await openAs("auditor", "/access/reviews");
  await expect(page.getByRole("grid")).toContainText("Signed off");
  await page.getByRole("button", { name: "New review…" }).click();
  await page.getByRole("dialog").getByLabel("Name", { exact: true }).fill("Who oversees");
  await page.getByRole("dialog").getByRole("button", { name: "Open the review" }).click();
  await expect(page).toHaveURL(/\/access\/reviews\/[0-9a-f-]{36}$/);
  organizationReview = new URL(page.url()).pathname;
  await expect(rowOf(page, "Aiko")).toContainText("your own");
  await expect(rowOf(page, "Aiko").getByRole("button")).toHaveCount(0);
  await expect(rowOf(page, "Sven").getByRole("button", { name: "Revoke…" })).toHaveCount(0);
  await page.getByRole("checkbox", { name: "Select the page" }).check();
  await page.getByRole("button", { name: "Keep 1…" }).click();
  await page.getByRole("dialog").getByLabel("Why").fill("runs the installation");
  await page.getByRole("dialog").getByRole("button", { name: "Keep the grant" }).click();
  await expect(rowOf(page, "Sven")).toContainText("Kept");
  const viewer = await openAs("viewer");
  expect((await viewer.goto(`/${WORKSPACE}/access/reviews`))?.status()).toBe(404);
});

test("a System Admin looks at the console as a Viewer, changes nothing, and ends it", async ({ openAs }) => {
  const page = await openAs("systemAdmin", `/${WORKSPACE}/access`, { isFresh: true }); // the role is the session's
  await page.getByRole("button", { name: /^Account:/ }).click();
  await page.getByRole("menuitem", { name: "View as a role…" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Where").selectOption({ label: `The workspace ${WORKSPACE}` });
  await form.getByLabel("Role", { exact: true }).selectOption("viewer");
  await form.getByRole("button", { name: "View as this role" }).click();
  const banner = page.getByText(`Viewing as Viewer in ${WORKSPACE}`);
  await expect(banner).toBeVisible();
  expect((await page.goto("/settings/sso"))?.status()).toBe(404);
  expect((await page.goto(`/${OTHER_WORKSPACE}`))?.status()).toBe(404);
  expect((await page.goto(`/${WORKSPACE}/access`))?.status()).toBe(200);
  await expect(banner).toBeVisible();
  await expect(page.getByRole("button", { name: "View as…" })).toHaveCount(0);
  expect(await violationsOf(page)).toEqual([]);

  await page.goto("/account?tab=tokens");
  await page.getByRole("button", { name: /New token/ }).click();
  await form.getByLabel("Name", { exact: true }).fill("mine");
  await form.getByRole("button", { name: "Create token" }).click();
  await expect(form.getByText(`You are viewing as Viewer in ${WORKSPACE}: nothing can be changed meanwhile.`).first()).toBeVisible();
  await page.keyboard.press("Escape");

  await page.goto(`/${WORKSPACE}/access`);
  await page.getByRole("button", { name: "End", exact: true }).click();
  await expect(banner).toHaveCount(0);
  expect((await page.goto(`/${WORKSPACE}/audit?f=action~is~role-view.ended`))?.status()).toBe(200);
  await expect(page.getByRole("grid")).toContainText("Sven");
});

checkPages([
  { name: "access reviews", person: "systemAdmin", path: () => "/access/reviews" },
  { name: "a signed review", person: "systemAdmin", path: () => review },
  { name: "an open review", person: "systemAdmin", path: () => organizationReview },
]);
