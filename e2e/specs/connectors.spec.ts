import type { Page } from "@playwright/test";
import { expect, runningReeve, test } from "../browser";
import { OTHER_WORKSPACE, WORKSPACE } from "../fixtures";
import { checkPages, violationsOf } from "../page-check";
import { seedConnectors, startService } from "../seed-connectors";

// Connectors by their pages: registered, tried, used, revoked, rotated and deleted, as those see them who may and those who may not. No page
// holds a key.

test.describe.configure({ mode: "default" });

const LIST = `/${WORKSPACE}/connectors`;
const NAME = "partner-api";
const [FIRST, NEXT] = ["canary-first-secret", "canary-next-secret"];
let service: Awaited<ReturnType<typeof startService>>;
let connector = "";

test.beforeAll(async () => {
  service = await startService();
  await seedConnectors(runningReeve().ownerUrl, WORKSPACE, 60);
});
test.afterAll(() => service.stop());

async function htmlHasNoKey(page: Page, ...paths: string[]) {
  for (const path of paths) expect(await (await page.request.get(path)).text(), path).not.toMatch(/canary-/);
  expect(await page.content()).not.toMatch(/canary-/);
}

async function fill(page: Page, name: string) {
  await page.getByLabel("Type", { exact: true }).selectOption("oauth2");
  await page.getByRole("radio", { name: /client credentials/i }).check();
  const fields = { api_url: `${service.url}/api`, token_url: `${service.url}/token`, client_id: "reeve", client_secret: FIRST };
  for (const [id, value] of Object.entries(fields)) await page.locator(`#${id}`).fill(value);
  await page.getByLabel("Name", { exact: true }).fill(name);
}

test("a Contributor registers one: what is missing is named, it is tried first, and its keys stay", async ({ openAs }) => {
  const page = await openAs("contributor", `${LIST}/new`);
  await page.getByRole("button", { name: "Try and register" }).click();
  await expect(page.locator("main").getByRole("alert")).toContainText("A name is needed.");
  await fill(page, NAME);
  await page.locator("#client_secret").fill("wrong");
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(page.locator("main").getByRole("alert")).toContainText("refused the client");
  await page.locator("#client_secret").fill(FIRST);
  await page.getByRole("button", { name: "Try it", exact: true }).click();
  await expect(page.getByRole("region", { name: "Reachable resources" })).toContainText(`${service.url}/api`);
  expect(await violationsOf(page)).toEqual([]);
  await page.getByRole("button", { name: "Try and register" }).click();
  await expect(page).toHaveURL(/\/connectors\/[0-9a-f-]{36}$/);
  connector = new URL(page.url()).pathname;
  await expect(page.getByText("held by Reeve, v1")).toBeVisible();
  await htmlHasNoKey(page, LIST, connector, `${connector}/edit`, `${connector}?tab=configuration`, `${connector}/ledger`);
});

test("a name that is taken is said beside the name", async ({ openAs }) => {
  const page = await openAs("contributor", `${LIST}/new`);
  await fill(page, NAME);
  await page.getByRole("button", { name: "Try and register" }).click();
  await expect(page.locator("main").getByRole("alert")).toContainText("Another connector of this workspace has this name.");
  await expect(page.locator("#client_id")).toHaveValue("reeve");
});

checkPages([
  { name: "connectors", person: "viewer", path: () => `${LIST}?f=name~starts~seed-00` },
  { name: "connectors, none by filter", person: "viewer", path: () => `${LIST}?f=name~starts~zzz` },
  { name: "connectors, a cursor that is not ours", person: "viewer", path: () => `${LIST}?after=nonsense` },
  { name: "connectors, none yet", person: "outsider", path: () => `/${OTHER_WORKSPACE}/connectors` },
  { name: "a new connector", person: "contributor", path: () => `${LIST}/new` },
  { name: "a connector", person: "contributor", path: () => connector },
  ...["configuration", "access", "audit"].map((tab) => ({ name: `a connector, ${tab}`, person: "viewer" as const, path: () => `${connector}?tab=${tab}` })),
  { name: "the ledger of a connector", person: "auditor", path: () => `${connector}/ledger` },
  { name: "a connector to edit", person: "workspaceAdmin", path: () => `${connector}/edit` },
]);

test("the list is filtered, sorted and paged, and finds keys that end soon; Home names them", async ({ openAs }) => {
  const page = await openAs("workspaceAdmin", LIST);
  const grid = page.getByRole("grid");
  await expect(grid.getByRole("link", { name: NAME })).toBeVisible();
  await page.getByRole("link", { name: "Next" }).click();
  await expect(grid.getByRole("link", { name: "seed-059" })).toBeVisible();
  await page.goto(`${LIST}?f=type~is~gcp&sort=-name`);
  await expect(grid.getByRole("row").nth(1)).toContainText("seed-057");
  await expect(grid.getByRole("row").filter({ hasText: "Docker" })).toHaveCount(0);
  await page.goto(`${LIST}?f=expires~within~14d`);
  await expect(grid.getByRole("link", { name: "seed-003" })).toBeVisible();
  await expect(grid.getByRole("link", { name: "seed-017" })).toHaveCount(0);
  await page.goto("/");
  await expect(page.locator("main")).toContainText("The main keys of the connector seed-003");
});

test("what it issues appears on open pages by itself, and is revoked with a preview and the typed name", async ({ openAs }) => {
  const [page, watching] = [await openAs("contributor", connector), await openAs("workspaceAdmin", connector)];
  await expect(watching.getByText("Live", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "Test credential…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Issue one" }).click();
  await expect(page.getByRole("dialog")).toContainText("Issued: it reaches as the main key");
  const row = watching.getByRole("row").filter({ hasText: "Carlos Mbeki" });
  await expect(row).toContainText("as the main key");
  expect(service.living.size).toBeGreaterThan(0);
  const revoke = row.getByRole("button", { name: "Revoke the credential of Carlos Mbeki" });
  await watching.setViewportSize({ width: 390, height: 844 });
  await revoke.scrollIntoViewIfNeeded();
  await expect(revoke, "a row is a card on a phone").toBeInViewport({ ratio: 1 });
  await watching.setViewportSize({ width: 1280, height: 720 });
  await revoke.click();
  const dialog = watching.getByRole("dialog");
  await expect(dialog).toContainText("Ends: the credential for");
  expect(await violationsOf(watching)).toEqual([]);
  await dialog.getByLabel(`Type ${NAME}`).fill("other");
  await dialog.getByRole("button", { name: "Revoke it" }).click();
  await expect(dialog.getByRole("alert")).toContainText(`Type ${NAME}.`);
  const before = service.living.size;
  await dialog.getByLabel(`Type ${NAME}`).fill(NAME);
  await dialog.getByRole("button", { name: "Revoke it" }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toHaveCount(0);
  expect(service.living.size, "ended at the other side").toBe(before - 1);
  await watching.goto(`${connector}/ledger`);
  await expect(watching.getByRole("grid").getByRole("row").filter({ hasText: "Carlos Mbeki" })).toContainText("revoked");
  await htmlHasNoKey(watching, connector, `${connector}/ledger`, `${connector}/ledger/export`);
});

test("v verifies, and the map of the keys says so", async ({ openAs }) => {
  const page = await openAs("contributor", connector);
  await page.keyboard.press("v");
  const verified = page.getByRole("dialog", { name: `Verify ${NAME}` });
  await expect(verified).toContainText("It was accepted.");
  await page.keyboard.press("Escape");
  await expect(verified).toBeHidden(); // until then keys are the dialog's
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard" })).toContainText("Verify it");
});

test("new keys wait beside the old ones until they are accepted", async ({ openAs }) => {
  const page = await openAs("contributor", connector);
  const rotate = async (key: string) => {
    await page.getByRole("button", { name: "Rotate keys…" }).click();
    const form = page.getByRole("dialog");
    await form.locator("#key-client_secret").fill(key);
    await form.getByRole("button", { name: "Try and rotate" }).click();
    await expect(form).toBeHidden();
  };
  await page.getByRole("button", { name: "Rotate keys…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Try and rotate" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("Enter a new value.");
  expect(await violationsOf(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await rotate(NEXT);
  const waiting = page.getByRole("region", { name: "New keys" });
  await expect(waiting).toContainText("They were not accepted");
  expect(await violationsOf(page)).toEqual([]);
  await waiting.getByRole("button", { name: "Drop them" }).click();
  await expect(waiting).toHaveCount(0);
  await rotate(NEXT);
  service.secrets.add(NEXT);
  await waiting.getByRole("button", { name: "Try them again" }).click();
  await expect(page.getByText("held by Reeve, v3")).toBeVisible();
  await htmlHasNoKey(page, connector, `${connector}?tab=audit`);
});

test("a Viewer sees names and use, and is told which role does the rest", async ({ openAs }) => {
  const page = await openAs("viewer", LIST);
  expect((await page.goto(`${LIST}/new`))?.status()).toBe(403);
  await page.goto(connector);
  for (const act of ["Verify", "Test credential…", "Rotate keys…", "Edit"])
    await expect(page.getByRole("button", { name: act })).toHaveAttribute("aria-disabled", "true");
  await page.getByRole("button", { name: "Rotate keys…" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Changing this connector is not in your role" })).toBeVisible();
  await htmlHasNoKey(page, LIST, connector, `${connector}?tab=configuration`, `${connector}/ledger`);
});

test("others' connectors are used by a Contributor and changed by nobody but their owner and the administrators", async ({ openAs }) => {
  const page = await openAs("contributor", `${LIST}?f=name~is~seed-000`);
  await page.getByRole("grid").getByRole("link", { name: "seed-000" }).click();
  await expect(page.getByRole("heading", { name: "seed-000" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Edit" })).toHaveAttribute("aria-disabled", "true");
  await expect(page.getByRole("button", { name: "Verify" })).not.toHaveAttribute("aria-disabled", "true");
});

test("an Auditor reads all and changes nothing", async ({ openAs }) => {
  const page = await openAs("auditor", connector);
  await expect(page.getByRole("button", { name: "Edit" })).toHaveAttribute("aria-disabled", "true");
  expect((await page.goto(`${connector}/ledger`))?.status()).toBe(200);
});

test("it is deleted with a preview and its name", async ({ openAs }) => {
  const page = await openAs("contributor", `${connector}?tab=configuration`);
  await page.getByRole("button", { name: "Delete this connector…" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Ends: issuing credentials");
  await expect(dialog).toContainText("Stay: the ledger and the trail");
  await dialog.getByLabel(`Type ${NAME}`).fill(NAME);
  await dialog.getByRole("button", { name: `Delete ${NAME}` }).click();
  await expect(page).toHaveURL(new RegExp(`${LIST}$`));
  expect((await page.request.get(connector)).status()).toBe(404);
});
