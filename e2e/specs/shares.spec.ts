import type { Page } from "@playwright/test";
import { expect, test } from "../browser";
import { PEOPLE, WORKSPACE } from "../fixtures";
import { violationsOf } from "../page-check";

// One thing is shared with somebody who has nothing else in the workspace: they see it and nothing more, and nothing of it once the share has
// ended. And what one owns is shared with a colleague without giving roles.

test.describe.configure({ mode: "default" });

const rowsOf = (page: Page) =>
  page
    .getByRole("grid")
    .getByRole("row")
    .filter({ has: page.getByRole("gridcell") });
const statusOf = async (page: Page, path: string) => (await page.request.get(path)).status();
let stack = "";

test("a stack that is shared is all that its holder sees of the workspace", async ({ openAs }) => {
  const stranger = await openAs("outsider", "/workspaces");
  expect(await statusOf(stranger, `/${WORKSPACE}/stacks`)).toBe(404);

  const admin = await openAs("workspaceAdmin", `/${WORKSPACE}/stacks`);
  await admin.getByRole("grid").getByRole("link", { name: "default", exact: true }).first().click();
  await expect(admin).toHaveURL(/\/stacks\/[0-9a-f-]{36}/);
  stack = new URL(admin.url()).pathname;
  await admin.goto(`${stack}?tab=access`);
  await admin.getByRole("button", { name: "Share…" }).click();
  const form = admin.getByRole("dialog");
  await expect(form).toContainText(`that there is the workspace ${WORKSPACE}. Nothing else in it.`);
  await form.getByLabel("E-mail address").fill(PEOPLE.outsider.email);
  await form.getByRole("button", { name: "Share the stack" }).click();
  await expect(admin.getByText(`Shared with ${PEOPLE.outsider.name}.`).first()).toBeVisible();
  await expect(admin.getByRole("region", { name: "Direct shares" })).toContainText(PEOPLE.outsider.name);

  await stranger.goto(`/${WORKSPACE}/stacks`);
  await expect(rowsOf(stranger)).toHaveCount(1);
  await expect(rowsOf(stranger)).toContainText("default");
  await stranger.goto(stack);
  await expect(stranger.getByRole("heading", { level: 1 })).toContainText("default");
  expect(await violationsOf(stranger)).toEqual([]);
  for (const other of ["components", "secrets", "connectors", "projects/default/runs", "projects/default/models", "access/reviews"])
    expect([404, 403], other).toContain(await statusOf(stranger, `/${WORKSPACE}/${other}`));
});

test("on a phone its form keeps its buttons in view", async ({ openAs }) => {
  const admin = await openAs("workspaceAdmin", `${stack}?tab=access`);
  await admin.setViewportSize({ width: 390, height: 640 });
  await admin.getByRole("button", { name: "Share…" }).click();
  await expect(admin.getByRole("dialog").getByRole("button", { name: "Share the stack" })).toBeInViewport({ ratio: 1 });
});

test("what is no longer shared is gone on the next request", async ({ openAs }) => {
  const stranger = await openAs("outsider", stack);
  const admin = await openAs("workspaceAdmin", `${stack}?tab=access`);
  await admin.getByRole("button", { name: "Stop sharing…" }).click();
  await admin.getByRole("dialog").getByRole("button", { name: "Stop sharing" }).click();
  await expect(admin.getByText(`No longer shared with ${PEOPLE.outsider.name}.`).first()).toBeVisible();
  for (const path of [stack, `/${WORKSPACE}/stacks`]) expect(await statusOf(stranger, path), path).toBe(404);
});

test("who owns a thing shares it with a colleague and with nobody else, to read and use it", async ({ openAs }) => {
  const owner = await openAs("contributor", `/${WORKSPACE}/secrets/new`);
  await owner.getByLabel("Name", { exact: true }).fill("of-carlos");
  await owner.getByRole("radio", { name: /^Shared/ }).check();
  await owner.getByLabel("Key 1").fill("password");
  await owner.getByLabel("value of password", { exact: true }).fill("of-carlos-alone");
  await owner.getByRole("button", { name: "Create secret" }).click();
  await expect(owner).toHaveURL(/\/secrets\/[0-9a-f-]{36}$/);
  await owner.goto(`${new URL(owner.url()).pathname}?tab=access`);
  await owner.getByRole("button", { name: "Share…" }).click();
  const form = owner.getByRole("dialog");
  await expect(form.getByLabel("Role on it").getByRole("option", { name: "Workspace Admin" })).toHaveCount(0);
  await form.getByLabel("E-mail address").fill(PEOPLE.outsider.email);
  await form.getByRole("button", { name: "Share the secret" }).click();
  await expect(form.getByText("Nobody of this workspace has this address.").first()).toBeVisible();
  await form.getByLabel("E-mail address").fill(PEOPLE.viewer.email);
  await form.getByRole("button", { name: "Share the secret" }).click();
  await expect(owner.getByRole("region", { name: "Direct shares" })).toContainText(PEOPLE.viewer.name);
  await owner.getByRole("button", { name: "Stop sharing…" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Stop sharing" }).click();
  await expect(owner.getByText("With nobody: it is reached by roles alone.")).toBeVisible();
});
