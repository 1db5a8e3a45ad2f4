import { expect, test } from "../browser";
import { MEMBERS, type Provider, signInWith, ssoJourney } from "../sso-journey";
import { KEYCLOAK_PASSWORD, type Keycloak, startKeycloak } from "./keycloak";

// The same way as e2e/specs/sso.spec.ts, against a real Keycloak; then a rollover of its keys and a logout that it hears of.

test.describe.configure({ mode: "serial" });

const SLUG = "keycloak";
let keycloak: Keycloak;
let provider: Provider;

test.beforeAll(async ({ reeve }) => {
  test.setTimeout(300_000);
  const people = Object.values(MEMBERS).map(({ email, group }) => ({ email, groups: [group] }));
  keycloak = await startKeycloak({ reeve: reeve.url, slug: SLUG, people });
  provider = {
    metadataUrl: keycloak.metadataUrl,
    signIn: async (page, email) => {
      await page.locator("#username").fill(email);
      await page.locator("#password").fill(KEYCLOAK_PASSWORD);
      await page.locator("#kc-login").click();
      await page.waitForURL((url) => url.origin === new URL(reeve.url).origin, { timeout: 30_000 });
    },
    disable: (email) => keycloak.setEnabled(email, false),
  };
});
test.afterAll(() => keycloak?.stop());

test("Keycloak by SAML: connected, mapped, in by groups, and out everywhere on the next request", async ({ browser, reeve }) => {
  test.setTimeout(600_000);
  await ssoJourney({ browser, reeve, provider, slug: SLUG, name: "Keycloak" });
});

test("a rollover of its keys: refused until the metadata is read again, then in", async ({ browser, reeve, openAs }) => {
  test.setTimeout(120_000);
  await keycloak.rotateKeys();
  const page = await (await browser.newContext({ baseURL: reeve.url })).newPage();
  await signInWith(page, provider, "Keycloak", MEMBERS.viewer.email, "/account");
  await expect(page.getByRole("main").getByRole("alert")).toContainText("The signature was not made with a certificate of this connection.");
  const admin = await openAs("systemAdmin", `/settings/sso/${SLUG}/take`);
  await admin.getByRole("button", { name: "Read and save" }).click();
  await expect(admin.getByRole("cell", { name: "CN=acme" })).toHaveCount(2);
  // Keycloak itself has signed her in: she is not asked again.
  await page.goto("/sign-in?next=/account");
  await page.getByLabel("E-mail address").fill(MEMBERS.viewer.email);
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await page.getByRole("button", { name: "Continue with Keycloak" }).click();
  await expect(page).toHaveURL(/\/account/);
});

test("signing out here signs out there", async ({ browser, reeve }) => {
  test.setTimeout(120_000);
  const page = await (await browser.newContext({ baseURL: reeve.url })).newPage();
  await page.goto("/sign-in?next=/account");
  await page.getByLabel("E-mail address").fill(MEMBERS.viewer.email);
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await page.getByRole("button", { name: "Continue with Keycloak" }).click();
  await page.locator("#username").fill(MEMBERS.viewer.email);
  await page.locator("#password").fill(KEYCLOAK_PASSWORD);
  await page.locator("#kc-login").click();
  await expect(page).toHaveURL(/\/account/);
  const sessions = async () =>
    (await keycloak
      .admin("GET", `/users?username=${MEMBERS.viewer.email}&exact=true`)
      .then(([user]) => keycloak.admin("GET", `/users/${user.id}/sessions`))) as unknown[];
  const before = (await sessions()).length;
  await page.evaluate(() => {
    const form = document.body.appendChild(document.createElement("form"));
    form.method = "post";
    form.action = "/sign-out";
    form.submit();
  });
  await expect(page).toHaveURL(/\/sign-in/, { timeout: 30_000 });
  expect((await sessions()).length).toBe(before - 1);
});
