import { expect, test } from "../browser";
import { OTHER_WORKSPACE } from "../fixtures";
import { checkPages } from "../page-check";

// A System Admin makes a role of their own from one of the table, sees who gains what before saving, and gives it like any other.

test.describe.configure({ mode: "default" });

const NAME = "run-watcher";
const TITLE = "Run watcher";

test("a role is cloned, given, and changed by way of a preview that names who gains", async ({ openAs }) => {
  const page = await openAs("systemAdmin", "/settings/roles/viewer");
  await page.getByRole("button", { name: "Clone…" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name", { exact: true }).fill("viewer");
  await form.getByRole("button", { name: "Make the role" }).click();
  await expect(form.getByText("This name is taken.").first()).toBeVisible();
  await form.getByLabel("Name", { exact: true }).fill(NAME);
  await form.getByLabel("In short").fill("A Viewer who starts pipelines.");
  await form.getByRole("button", { name: "Make the role" }).click();
  await expect(page).toHaveURL(new RegExp(`/settings/roles/${NAME}\\?edit=1$`));
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(TITLE);

  await page.goto(`/${OTHER_WORKSPACE}/access`);
  await page.getByRole("button", { name: "Add…" }).click();
  await form.getByLabel("E-mail address").fill("aiko@acme.example");
  await form.getByLabel("Role", { exact: true }).selectOption({ label: TITLE });
  await expect(form.getByText("A Viewer who starts pipelines.")).toBeVisible();
  await form.getByRole("button", { name: "Give the role" }).click();
  await expect(page.getByText("Aiko Brandt has the role.").first()).toBeVisible();

  await page.goto(`/settings/roles/${NAME}`);
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("pipeline, read").selectOption("none");
  await page.getByLabel("pipeline, run").selectOption("any");
  await expect(page.getByText("pipeline:run needs pipeline:read", { exact: false })).toBeVisible();
  await page.getByLabel("pipeline, read").selectOption("any");
  await page.getByRole("button", { name: "Preview" }).click();
  const preview = page.getByRole("region", { name: "What saving would change" });
  await expect(preview).toContainText("1 of 1 who have it gain or lose something");
  await expect(preview).toContainText("Aiko Brandt");
  await expect(preview).toContainText("+ pipeline:run");
  await preview.getByRole("button", { name: "Save the role" }).click();
  await expect(page).toHaveURL(new RegExp(`/settings/roles/${NAME}$`));
  await expect(page.getByText("1 difference")).toBeVisible();
  await expect(page.getByRole("region", { name: "Revisions of the role" })).toContainText("pipeline:run – → any");
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete the role" }).click();
  await expect(page.getByText("The role is in use: 1 × grant.").first()).toBeVisible();
});

test("an auditor reads it and changes nothing", async ({ openAs }) => {
  const page = await openAs("auditor", `/settings/roles/${NAME}`);
  await expect(page.getByText("Made from Viewer")).toBeVisible();
  await expect(page.getByRole("link", { name: "Edit" })).toHaveCount(0);
  await page.goto(`/settings/roles/${NAME}?edit=1`);
  await expect(page.getByRole("button", { name: "Preview" })).toHaveCount(0);
});

checkPages([
  { name: "a role of the organization's own", person: "auditor", path: () => `/settings/roles/${NAME}` },
  { name: "its editor", person: "systemAdmin", path: () => `/settings/roles/${NAME}?edit=1&change=run%3Aread%3Dnone` },
]);

test("it is gone once nobody has it", async ({ openAs }) => {
  const page = await openAs("systemAdmin", `/${OTHER_WORKSPACE}/access`);
  await page.getByRole("grid").getByRole("row").filter({ hasText: TITLE }).getByRole("button", { name: "End…" }).click();
  await page.getByRole("button", { name: "End the grant" }).click();
  await expect(page.getByText("Ended for Aiko Brandt.").first()).toBeVisible();
  await page.goto(`/settings/roles/${NAME}`);
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("button", { name: "Delete the role" }).click();
  await expect(page).toHaveURL(/\/settings\/roles$/);
  await expect(page.getByText(TITLE)).toHaveCount(0);
});
