import { expect, runningReeve, test } from "../browser";
import { OTHER_WORKSPACE, WORKSPACE } from "../fixtures";
import { checkPages, violationsOf } from "../page-check";
import { seedSecretPast } from "../seed-secrets";
import { seedUi } from "../seed-ui";

// A kind's form and its test, a reveal with a second person, and the ledger of a secret with a past: in both themes, on a desktop and on a phone.

test.describe.configure({ mode: "default" });

const LIST = `/${WORKSPACE}/secrets`;
let secret = "";

test("a kind's form says what is missing and what is wrong, tests before it saves, and keeps the kind", async ({ openAs }) => {
  const page = await openAs("workspaceAdmin", `${LIST}/new`);
  await page.getByLabel("Kind", { exact: true }).selectOption("openai");
  await expect(page.getByRole("link", { name: "API keys of OpenAI" })).toBeVisible();
  await expect(page.getByText("not run against the real service")).toBeVisible();
  for (const theme of ["light", "dark"]) {
    await page.evaluate((chosen) => {
      document.documentElement.dataset.theme = chosen;
    }, theme);
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await violationsOf(page), `${theme} ${width}`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await expect(page.getByRole("button", { name: "Test it" })).toBeDisabled();
  await page.getByLabel("Name", { exact: true }).fill("models");
  await page.getByRole("radio", { name: /^Shared/ }).check();
  await page.getByRole("button", { name: "Create secret" }).click();
  const alert = page.locator("main").getByRole("alert");
  await expect(alert).toContainText("API key is needed.");
  await page.getByLabel("API key", { exact: true }).fill("canary key");
  await page.getByRole("button", { name: "Create secret" }).click();
  await expect(alert).toContainText("A key has no spaces");
  await page.getByLabel("API key", { exact: true }).fill("canary-key");
  await page.getByLabel("Base URL").fill("http://169.254.169.254/v1");
  await page.getByRole("button", { name: "Test it" }).click();
  await expect(page.getByText("Unreachable, because the address lies in a network that this workspace doesn’t open.")).toBeVisible();
  await page.getByRole("button", { name: "Create secret" }).click();
  await expect(page).toHaveURL(/\/secrets\/[0-9a-f-]{36}$/);
  secret = new URL(page.url()).pathname;
  await expect(page.locator("main")).toContainText("OpenAI");
  await page.getByRole("button", { name: "Test it" }).click();
  await expect(page.getByText(/^Version 1, tested/)).toBeVisible();
  expect(await page.content()).not.toContain("canary-key");
  await page.goto(`${secret}/uses`);
  await expect(page.getByRole("grid").getByRole("row").filter({ hasText: "Tested" })).toHaveCount(1);
  await page.goto(`${LIST}?f=kind:is:openai`);
  await expect(page.getByRole("grid").getByRole("link", { name: "models" })).toBeVisible();
});

test("a rotation has the kind's fields", async ({ openAs }) => {
  const page = await openAs("workspaceAdmin", secret);
  await page.getByRole("button", { name: "Rotate…" }).click();
  const form = page.getByRole("dialog");
  await expect(form.getByLabel("API key", { exact: true })).toHaveAttribute("placeholder", "stays as it is");
  expect(await violationsOf(page)).toEqual([]);
  await form.getByLabel("API key", { exact: true }).fill("canary-second");
  await form.getByRole("button", { name: "Write version 2" }).click();
  await expect(page.getByRole("region", { name: "Versions" }).getByRole("row").filter({ hasText: "v2" })).toContainText("api_key");
});

test("the ledger shows who could and who did", async ({ openAs }) => {
  const { ownerUrl } = runningReeve();
  await seedUi(ownerUrl, { workspace: WORKSPACE, runs: 120 });
  const { used } = await seedSecretPast(ownerUrl, secret.split("/").at(-1) ?? "");
  expect(used.length).toBeGreaterThan(0);
  const page = await openAs("viewer", secret);
  const picture = page.getByRole("region", { name: "Who could use models, and who did" });
  await picture.focus();
  await page.keyboard.press("ArrowRight");
  await expect(picture.locator("[aria-live]")).toContainText(/used by|was written|refused/);
  const did = page.getByRole("region", { name: "Runs that did use it" }).getByRole("row");
  await expect(did, "the newest ten and the head").toHaveCount(11);
  await page
    .getByRole("button", { name: /^Show all \d+$/ })
    .first()
    .click();
  await expect(did).not.toHaveCount(11);
  await page.getByRole("navigation", { name: "Time of the ledger" }).getByRole("link", { name: "7 days" }).click();
  await expect(page).toHaveURL(/days=7/);
});

checkPages([
  { name: "the ledger of a secret", person: "viewer", path: () => secret },
  { name: "a new secret of a kind", person: "workspaceAdmin", path: () => `${LIST}/new` },
  { name: "the versions of a secret", person: "workspaceAdmin", path: () => `${secret}/versions` },
]);

// In a workspace of its own: other tests reveal at the same time.
test("a reveal with a second person is asked for, stands in the inbox, and only a System Admin switches it off", async ({ openAs }) => {
  const list = `/${OTHER_WORKSPACE}/secrets`;
  const system = await openAs("systemAdmin", list);
  await system.getByRole("button", { name: "A reveal needs one person" }).click();
  await system.getByRole("dialog").getByRole("button", { name: "Ask a second person" }).click();
  await expect(system.getByRole("button", { name: "A reveal needs two people" })).toBeVisible();
  const page = await openAs("outsider", `${list}/new`);
  await page.getByLabel("Name", { exact: true }).fill("two-people");
  await page.getByRole("radio", { name: /^Shared/ }).check();
  await page.getByLabel("Key 1").fill("token");
  await page.getByLabel("value of token", { exact: true }).fill("canary-two-people");
  await page.getByRole("button", { name: "Create secret" }).click();
  await page.getByRole("button", { name: "Ask to reveal…" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("What you need it for").fill("The provider refused its key.");
  await form.getByRole("button", { name: "Ask a second person" }).click();
  await expect(page.getByText("Your request to see the values waits")).toBeVisible();
  await expect(page.getByRole("button", { name: "Ask to reveal…" })).toHaveCount(0);
  expect(await violationsOf(page)).toEqual([]);
  await page.goto(`/${OTHER_WORKSPACE}/access/requests?which=mine`);
  const asked = page.getByRole("region", { name: "Requests to reveal a secret" });
  await expect(asked).toContainText("two-people");
  for (const width of [390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await violationsOf(page)).toEqual([]);
  }
  await asked.getByRole("button", { name: "Withdraw…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Withdraw the request" }).click();
  await expect(asked).toContainText("Withdrawn");
  await system.getByRole("button", { name: "A reveal needs two people" }).click();
  await system.getByRole("dialog").getByRole("button", { name: "Let one person reveal" }).click();
  await expect(system.getByRole("button", { name: "A reveal needs one person" })).toBeVisible();
});
