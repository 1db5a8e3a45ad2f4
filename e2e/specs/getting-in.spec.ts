import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, fillSignIn, listening, signIn, test } from "../browser";
import { OTHER_WORKSPACE, PEOPLE, startReeve, WORKSPACE } from "../fixtures";

// Sign-in, sign-out and the first set-up, as people see them.

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.html).join(" ")}`)).toEqual([]);
}

for (const colorScheme of ["light", "dark"] as const)
  for (const viewport of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ])
    test(`sign-in passes axe, ${colorScheme}, ${viewport.width} px`, async ({ browser, reeve }) => {
      const context = await browser.newContext({ baseURL: reeve.url, colorScheme, viewport });
      const page = await context.newPage();
      await page.goto("/sign-in");
      await expect(page.getByRole("heading", { level: 1 })).toHaveText("Acme");
      await expectAccessible(page);
      await fillSignIn(page, "nobody@acme.example", "wrong");
      await expect(page.getByText("The e-mail address and the password don't belong together.")).toBeVisible();
      await expectAccessible(page);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
      await context.close();
    });

test("one comes back to the page that one asked for", async ({ page, reeve }) => {
  await page.goto(`${reeve.url}/${WORKSPACE}/projects/default/runs?status=failed`);
  await expect(page).toHaveURL(/\/sign-in\?next=/);
  await fillSignIn(page, PEOPLE.viewer.email, PEOPLE.viewer.password);
  await expect(page).toHaveURL(new RegExp(`/${WORKSPACE}/projects/default/runs\\?status=failed`));
});

test("a mistyped address is told before anything is sent, and keys alone are enough", async ({ browser, reeve }) => {
  const context = await browser.newContext({ baseURL: reeve.url });
  const page = await context.newPage();
  const posts: string[] = [];
  page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
  await page.goto("/sign-in");
  await listening(page);
  await page.keyboard.type("carlos");
  await page.keyboard.press("Enter");
  await expect(page.getByText("An e-mail address has a name, an @ and a domain")).toBeVisible();
  expect(posts).toEqual([]);
  await page.keyboard.type("@acme.example");
  await page.keyboard.press("Enter");
  await expect(page.getByLabel("Password")).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("The password is missing.")).toBeVisible();
  expect(posts).toHaveLength(1); // where the address's domain signs in; no password was sent
  await page.keyboard.type(PEOPLE.contributor.password);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${reeve.url}/`);
  await context.close();
});

test("WEB-14: a throttled account is told the exact wait, which counts down", async ({ page, reeve }) => {
  await page.goto(`${reeve.url}/sign-in`);
  const email = `guess-${Date.now()}@acme.example`;
  await fillSignIn(page, email, "wrong 0");
  for (let index = 1; index <= 5; index++) {
    await expect(page.getByText("don't belong together")).toBeVisible();
    await page.getByLabel("Password").fill(`wrong ${index}`);
    const answered = page.waitForResponse((response) => response.request().method() === "POST");
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await answered;
  }
  await expect(page.getByText("Too many tries. The next one is possible in")).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeDisabled();
  await expect(page.getByText(/possible in 3 s/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Sign in", exact: true })).toBeEnabled();
});

test("WEB-9: another person who signs in on the same browser sees nothing of the first", async ({ browser, reeve }) => {
  const context = await browser.newContext({ baseURL: reeve.url });
  const page = await context.newPage();
  await signIn(page, "contributor", `/${WORKSPACE}/projects/default/runs`);
  const [before] = (await context.cookies()).filter((cookie) => cookie.name === "reeve.session");
  await page.goto("/sign-in");
  await expect(page.getByText(`You are signed in as ${PEOPLE.contributor.name}.`)).toBeVisible();
  await fillSignIn(page, PEOPLE.outsider.email, PEOPLE.outsider.password);
  await page.waitForURL(`${reeve.url}/`);
  await expect(page.getByRole("button", { name: new RegExp(`Account: ${PEOPLE.outsider.name}`) })).toBeVisible();
  await expect(page.locator("body")).not.toContainText(PEOPLE.contributor.name);
  await expect(page.locator("body")).not.toContainText(WORKSPACE);
  await expect(page.locator("body")).toContainText(OTHER_WORKSPACE);
  const [after] = (await context.cookies()).filter((cookie) => cookie.name === "reeve.session");
  expect(after?.value).not.toBe(before?.value);
  // WEB-7: the earlier session is over.
  const replay = await fetch(`${reeve.url}/workspaces`, { headers: { cookie: `reeve.session=${before?.value}` }, redirect: "manual" });
  expect(replay.status).toBe(307);
  await context.close();
});

test("WEB-6: after signing out the cookie is worth nothing, and Back shows nothing", async ({ openAs, reeve }) => {
  const page = await openAs("contributor", "/workspaces", { isFresh: true });
  const [session] = (await page.context().cookies()).filter((cookie) => cookie.name === "reeve.session");
  await page.getByRole("button", { name: /^Account:/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.waitForURL(`${reeve.url}/sign-in`);
  expect((await page.context().cookies()).filter((cookie) => cookie.name === "reeve.session")).toEqual([]);
  const page2 = await fetch(`${reeve.url}/workspaces`, { headers: { cookie: `reeve.session=${session?.value}` }, redirect: "manual" });
  expect([page2.status, page2.headers.get("location")?.startsWith("/sign-in")]).toEqual([307, true]);
  const stream = await fetch(`${reeve.url}/api/live?workspace=${WORKSPACE}&project=default`, { headers: { cookie: `reeve.session=${session?.value}` } });
  expect(stream.status).toBe(401);
  await page.goBack();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByText("Last sign-in of this browser")).toBeVisible();
});

test("an account that ended while signed in is out on the next request", async ({ reeve, browser }) => {
  // The auditor is nobody else's in these tests.
  const { default: pg } = await import("pg");
  const owner = new pg.Client({ connectionString: reeve.ownerUrl });
  await owner.connect();
  const context = await browser.newContext({ baseURL: reeve.url });
  const page = await context.newPage();
  try {
    await signIn(page, "auditor", "/audit");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await owner.query("update reeve.principal set active = false, ended_at = '2026-10-03T10:00:00Z', ended_by = 'person' where email = $1", [
      PEOPLE.auditor.email,
    ]);
    await page.reload();
    await expect(page).toHaveURL(/\/sign-in/);
    await fillSignIn(page, PEOPLE.auditor.email, PEOPLE.auditor.password);
    await expect(page.getByText("This account ended on 3 Oct. Ask your administrator.")).toBeVisible();
    await expect(page.getByText(/Request [0-9a-f-]{36}/)).toBeVisible();
  } finally {
    await owner.query("update reeve.principal set active = true, ended_at = null, ended_by = null where email = $1", [PEOPLE.auditor.email]);
    await owner.end();
    await context.close();
  }
});

test("set-up that was done says when and leads to sign-in", async ({ page, reeve }) => {
  await page.goto(`${reeve.url}/setup#whatever`);
  await expect(page.getByText(/^Done on .+ by Operator, № 1\.$/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Go to sign-in" }).click();
  await expect(page).toHaveURL(`${reeve.url}/sign-in`);
});

test("the first set-up: a wrong link says how to get a new one, the right one makes the organization once", async ({ browser }) => {
  test.setTimeout(120_000);
  const reeve = await startReeve({ isSetUp: false });
  const context = await browser.newContext({ baseURL: reeve.url });
  try {
    const page = await context.newPage();
    await page.goto("/");
    await expect(page.getByText("The server prints a new one each time it starts.")).toBeVisible();
    await page.goto("/setup#wrong");
    await expect(page.getByText("The server prints a new one each time it starts.")).toBeVisible();
    await expectAccessible(page);

    await page.goto(reeve.setupLink ?? "");
    await page.reload();
    await expect(page.getByRole("heading", { level: 1, name: "Set up this installation" })).toBeVisible();
    await expectAccessible(page);
    await expect(page.getByRole("heading", { name: "Where things are" }).locator("..")).toContainText(reeve.dataDirectory);

    await page.getByLabel("Your name").fill("Lena Aalto");
    await page.getByLabel("Password").fill("lenaaalto2026");
    await page.getByLabel("Your name").focus();
    await expect(page.getByText("The password is little more than your name")).toBeVisible();
    await page.getByRole("button", { name: "Create the organization" }).click();
    await expect(page.getByRole("main").getByRole("alert")).toContainText("The organization's name is missing.");
    await expect(page.getByRole("main").getByRole("alert")).toBeFocused();
    await page.getByRole("link", { name: "The organization's name is missing." }).click();
    await expect(page).toHaveURL(reeve.setupLink ?? ""); // the jump is no other link
    await page.getByLabel("Name", { exact: true }).fill("Acme Fraud");
    await page.getByLabel("E-mail address").fill("lena@acme.example");
    const password = "four words of some length";
    await page.getByLabel("Password").fill(password);
    const file = page.getByRole("complementary").locator("pre").first();
    expect(JSON.parse(await file.innerText())).toEqual({
      organization: "Acme Fraud",
      users: [{ email: "lena@acme.example", name: "Lena Aalto", passwordFile: "./lena-aalto.password", grants: [{ role: "system-admin" }] }],
    });
    await page.getByLabel("Password").press("Control+Enter");
    await page.waitForURL(`${reeve.url}/`);
    await expect(page.getByRole("heading", { level: 1, name: "Acme Fraud" })).toBeVisible();
    expect(reeve.output()).not.toContain(password);

    const again = await browser.newContext({ baseURL: reeve.url });
    const second = await again.newPage();
    await second.goto(reeve.setupLink ?? "");
    await expect(second.getByText("This installation is set up")).toBeVisible();
    await second.goto("/sign-in");
    await fillSignIn(second, "lena@acme.example", password);
    await second.waitForURL(`${reeve.url}/`);
    await again.close();
  } finally {
    await context.close();
    await reeve.stop();
  }
});
