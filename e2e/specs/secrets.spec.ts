import type { Page } from "@playwright/test";
import { expect, listening, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { checkPages, violationsOf } from "../page-check";

// A Contributor makes a secret, reveals and rotates it; a Viewer sees that it is there and no value; the page never holds one.

test.describe.configure({ mode: "default" });

const LIST = `/${WORKSPACE}/secrets`;
const [FIRST, SECOND, PASTED] = ["canary-first-91c2", "canary-second-5d7e", "-----BEGIN CANARY-----\ncanary-lines-3f\n-----END CANARY-----"];
const REASON = "The lake refused its key since noon.";
let secret = "";

/** What the server sends for a page, its data for the browser with it. */
async function htmlHasNoValue(page: Page, ...paths: string[]) {
  for (const path of paths) {
    const answer = await page.request.get(path);
    expect(answer.status(), path).toBe(200);
    expect(await answer.text(), path).not.toMatch(/canary-/);
  }
  expect(await page.content()).not.toMatch(/canary-/);
}

test("a secret is made from rows and from a paste that is split and cleared; its page masks every key", async ({ openAs }) => {
  const page = await openAs("contributor", `${LIST}/new`);
  await expect(page.getByRole("radio", { name: /^Private/ })).toBeChecked();
  await page.getByRole("button", { name: "Create secret" }).click();
  const alert = page.locator("main").getByRole("alert");
  await expect(alert).toContainText("A name is needed.");
  await expect(alert).toContainText("A secret has at least one key.");
  await page.getByLabel("Name", { exact: true }).fill("lake");
  await page.getByRole("radio", { name: /^Shared/ }).check();
  await page.getByLabel("Key 1").fill("password");
  await page.getByLabel("value of password", { exact: true }).fill(FIRST);
  await page.getByText("Paste a .env file or JSON").click();
  await page.getByLabel("Lines of KEY=value").fill(`USER=canary-user\nPEM="${PASTED}"`);
  await page.getByRole("button", { name: "Split into keys" }).click();
  await expect(page.getByText("Split into 2 keys, and cleared.")).toBeVisible();
  await expect(page.getByLabel("Lines of KEY=value")).toHaveValue("");
  await expect(page.getByLabel("Key 2")).toHaveValue("USER");
  await htmlHasNoValue(page);
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("button", { name: "Create secret" }).click();
  await expect(page).toHaveURL(/\/secrets\/[0-9a-f-]{36}$/);
  secret = new URL(page.url()).pathname;
  const keys = page.getByRole("region", { name: "Keys" });
  for (const key of ["password", "USER", "PEM"]) await expect(keys.getByRole("row").filter({ hasText: key })).toContainText("••••••••••••");
  await htmlHasNoValue(page, LIST, secret, `${secret}/uses`, `${LIST}/export`);
});

test("a name that is taken is said beside the name, and nothing that was typed is lost", async ({ openAs }) => {
  const page = await openAs("contributor", `${LIST}/new`);
  await page.getByLabel("Name", { exact: true }).fill("lake");
  await page.getByRole("radio", { name: /^Shared/ }).check();
  await page.getByLabel("Key 1").fill("a");
  await page.getByLabel("value of a", { exact: true }).fill("b");
  await page.getByRole("button", { name: "Create secret" }).click();
  await expect(page.locator("main").getByRole("alert")).toContainText("Another secret of this workspace has this name.");
  await expect(page.getByLabel("Key 1")).toHaveValue("a");
});

checkPages([
  { name: "secrets", person: "contributor", path: () => LIST },
  { name: "a new secret", person: "contributor", path: () => `${LIST}/new` },
  { name: "a secret", person: "contributor", path: () => secret },
  { name: "the uses of a secret", person: "viewer", path: () => `${secret}/uses` },
]);

test("values are revealed with a reason, and the reading is a use and an entry", async ({ openAs }) => {
  const page = await openAs("contributor", secret);
  await page.getByRole("button", { name: "Reveal…" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("What you need it for").fill("too short");
  await form.getByRole("button", { name: "Reveal the values" }).click();
  await expect(form.getByRole("alert")).toContainText("at least 10 characters");
  await form.getByLabel("What you need it for").fill(REASON);
  await form.getByRole("button", { name: "Reveal the values" }).click();
  const shown = page.getByRole("dialog", { name: "lake, version 1" });
  await expect(shown.getByText(FIRST)).toBeVisible();
  await expect(shown).toContainText("canary-lines-3f");
  await expect(shown).toContainText(/Gone in \d+ s/);
  await expect(shown).toContainText("Revealed to Carlos Mbeki");
  expect(page.url()).not.toContain("canary-");
  expect(await violationsOf(page)).toEqual([]);
  await shown.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByText(FIRST)).toHaveCount(0);
  await htmlHasNoValue(page, secret, `${secret}/uses`);
  await page.goto(`${secret}/uses`);
  const use = page.getByRole("grid").getByRole("row").filter({ hasText: REASON });
  await expect(use).toContainText("Revealed");
  await expect(use).toContainText("Carlos Mbeki");
  await use.getByTitle("Its entry in the audit trail").click();
  await expect(page.getByRole("grid").getByRole("row").filter({ hasText: "secret.revealed" })).toContainText("lake");
});

test("revealed values go by themselves after a minute", async ({ openAs }) => {
  const page = await openAs("contributor", null);
  await page.clock.install();
  await page.goto(secret);
  await listening(page);
  await page.getByRole("button", { name: "Reveal…" }).click();
  await page.getByRole("dialog").getByLabel("What you need it for").fill(REASON);
  await page.getByRole("dialog").getByRole("button", { name: "Reveal the values" }).click();
  await expect(page.getByText(FIRST)).toBeVisible();
  await page.clock.fastForward(61_000);
  await expect(page.getByText(FIRST)).toHaveCount(0);
  expect(await page.content()).not.toMatch(/canary-/);
});

test("a rotation keeps what is left empty, adds and removes keys, and is a new version", async ({ openAs }) => {
  const page = await openAs("contributor", secret);
  await page.getByRole("button", { name: "Rotate…" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("button", { name: "Write version 2" }).click();
  await expect(form.getByRole("alert")).toContainText("Enter a new value");
  await form.getByLabel("new value of password").fill(SECOND);
  await form.getByLabel("Remove USER").check();
  await form.getByRole("button", { name: "Add a key" }).click();
  await form.getByLabel("Key 1").fill("region");
  await form.getByLabel("value of region").fill("canary-region");
  await form.getByRole("button", { name: "Write version 2" }).click();
  const versions = page.getByRole("region", { name: "Versions" });
  await expect(versions.getByRole("row").filter({ hasText: "v2" })).toContainText("password, PEM, region");
  await expect(page.getByRole("region", { name: "Keys" })).not.toContainText("USER");
  await htmlHasNoValue(page, secret);
});

test("a Viewer sees names and uses, and is told which role reveals values", async ({ openAs }) => {
  const page = await openAs("viewer", LIST);
  await page.getByRole("grid").getByRole("link", { name: "lake", exact: true }).click();
  await expect(page.getByRole("region", { name: "Keys" })).toContainText("password");
  await page.getByRole("button", { name: "Reveal…" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Revealing these values is not in your role" })).toBeVisible();
  await expect(page.getByText("Workspace Admin would allow it.")).toBeVisible();
  await htmlHasNoValue(page, LIST, secret, `${secret}?tab=access`, `${secret}/uses`, `${secret}/uses/export`);
  expect((await page.goto(`${LIST}/new`))?.status()).toBe(403);
});

test("a secret is deleted by its name", async ({ openAs }) => {
  const page = await openAs("contributor", secret);
  await page.getByRole("button", { name: "Delete this secret…" }).click();
  await page.getByRole("dialog").getByLabel("Type lake").fill("lake");
  await page.getByRole("dialog").getByRole("button", { name: "Delete lake" }).click();
  await expect(page).toHaveURL(new RegExp(`${LIST}$`));
  expect((await page.request.get(secret)).status()).toBe(404);
});
