import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fillSignIn, expect, test } from "../browser";
import { zenmlClient } from "../clients/zenml/client";
import { PEOPLE, WORKSPACE } from "../fixtures";

// A person's whole way: invited as a viewer, in by the link, refused a button, asking for the role, getting it until tomorrow, logging in a
// command line by device, and losing all of it at once when deactivated.

const NORA = { email: "nora@acme.example", name: "Nora Winter", password: "five copper lamps glow" };

test("invited, refused, granted until tomorrow, on the command line, and gone", async ({ openAs, browser, reeve }) => {
  test.setTimeout(300_000);

  // A System Admin invites; the link is shown once.
  const admin = await openAs("systemAdmin", `/${WORKSPACE}/access/invitations`);
  await admin.getByRole("button", { name: "Invite…" }).click();
  const invite = admin.getByRole("dialog");
  await invite.getByLabel("E-mail address").fill(NORA.email);
  await invite.getByRole("button", { name: "Make the invitation" }).click();
  const link = (await admin.getByRole("dialog").locator("code").first().textContent()) ?? "";
  expect(link).toContain("/invite#");
  await admin.getByLabel("I have stored it").check();
  await admin.getByRole("button", { name: "Close" }).click();
  await admin.setViewportSize({ width: 390, height: 844 });
  await admin.reload();
  await expect(admin.getByRole("navigation", { name: "Access" }).getByRole("link", { name: "Invitations" })).toBeInViewport({ ratio: 0.9 });
  await expect(admin.getByRole("listitem").filter({ hasText: NORA.email }).getByRole("button", { name: "Revoke…" }), "on a phone too").toBeVisible();
  await admin.setViewportSize({ width: 1280, height: 720 });

  // Nora accepts and is in; the link opens nothing any more.
  const context = await browser.newContext({ baseURL: reeve.url });
  const nora = await context.newPage();
  await nora.goto(link);
  await expect(nora.getByText("Viewer", { exact: true })).toBeVisible();
  await nora.getByLabel("Your name").fill(NORA.name);
  await nora.getByLabel("Password").fill(NORA.password);
  await nora.getByRole("button", { name: "Accept the invitation" }).click();
  await expect(nora).toHaveURL(/\/(sign-in)?$/);
  if (nora.url().includes("/sign-in")) await fillSignIn(nora, NORA.email, NORA.password);
  await expect(nora.getByRole("heading", { level: 1, name: "Acme" })).toBeVisible();
  const second = await context.newPage();
  await second.goto(link);
  await expect(second.getByRole("heading", { name: "This invitation opens nothing any more" })).toBeVisible();
  await second.close();

  // A viewer may not register stacks: the button says so, and asks.
  await nora.goto(`/${WORKSPACE}/stacks`);
  await nora.getByRole("button", { name: "New stack" }).press("Enter"); // aria-disabled: a refused control keeps its focus
  await expect(nora.getByRole("dialog")).toContainText("You are Viewer here");
  await nora.getByRole("button", { name: "Ask for it" }).click();
  await nora.getByLabel("What you need it for").fill("A stack for the spring model");
  await expect(nora.getByLabel("Until")).toHaveValue("1d");
  await nora.getByRole("button", { name: "Send the request" }).click();
  await expect(nora.getByText("Asked. You see the answer").first()).toBeVisible();

  // A Workspace Admin grants it until tomorrow.
  const owner = await openAs("workspaceAdmin", `/${WORKSPACE}/access/requests`);
  await expect(owner.getByRole("grid").getByText("A stack for the spring model")).toBeVisible();
  await owner.getByRole("button", { name: "Grant…" }).click();
  await expect(owner.getByRole("dialog").getByLabel("Until").locator("option:checked")).toHaveText("As asked");
  await owner.getByRole("dialog").getByRole("button", { name: "Grant it" }).click();
  await expect(owner.getByText(`${NORA.name} has the role.`).first()).toBeVisible();

  // On the next request Nora may; the grant says when it ends.
  await nora.goto(`/${WORKSPACE}/stacks`);
  await nora.getByRole("link", { name: "New stack" }).first().click();
  await expect(nora).toHaveURL(new RegExp(`/${WORKSPACE}/stacks/new`));
  await nora.goto("/account?tab=access");
  await expect(nora.getByRole("main")).toContainText("Stack Admin");

  // The command line, by device.
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-nora-"));
  const client = zenmlClient(home, undefined);
  const login = client.start("login", `${reeve.url}/${WORKSPACE}`);
  try {
    const verify = /https?:\/\/[^\s:]+(:\d+)?\/\S+\/devices\/verify\?device_id=[0-9a-f-]{36}&user_code=[0-9a-f]{32}/;
    await expect.poll(() => login.printed().replace(/\n/g, ""), { timeout: 60_000 }).toMatch(verify);
    await nora.goto(verify.exec(login.printed().replace(/\n/g, ""))?.[0] ?? "");
    await expect(nora.getByRole("main")).toContainText(os.hostname());
    await expect(nora.getByRole("main")).toContainText("zenml 0.98.0");
    await nora.getByRole("button", { name: /^Approve/ }).click();
    expect(await login.end, login.printed()).toBe(0);
    const stacks = await client.zenml("stack", "list");
    expect(stacks.code, stacks.output).toBe(0);
    expect(stacks.output).toContain("default");

    // Deactivated: the browser and the command line end on the next request.
    await admin.goto(`/${WORKSPACE}/access`);
    await admin.getByRole("link", { name: NORA.name }).first().click();
    await admin.getByRole("button", { name: "Deactivate…" }).click();
    await expect(admin.getByRole("dialog")).toContainText("1 device locked");
    await admin
      .getByRole("dialog")
      .getByRole("button", { name: `Deactivate ${NORA.name}` })
      .click();
    await expect(admin.getByRole("button", { name: "Restore…" })).toBeVisible();
    await nora.goto(`/${WORKSPACE}/stacks`);
    await expect(nora).toHaveURL(/\/sign-in/);
    await fillSignIn(nora, NORA.email, NORA.password);
    await expect(nora.getByRole("alert").first()).toBeVisible();
    const refused = await client.zenml("stack", "list");
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/is not active|no longer valid|CredentialsNotValid/);
  } finally {
    login.process.kill("SIGKILL");
    fs.rmSync(home, { recursive: true, force: true });
    await context.close();
  }

  // The trail has each step, by whom.
  await admin.goto(`/audit?f=action~is~user.deactivated`);
  await expect(admin.getByRole("grid")).toContainText(PEOPLE.systemAdmin.name);
});
