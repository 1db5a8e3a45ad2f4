import type { Page } from "@playwright/test";
import { expect, signIn, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { confirmDomain, connectOpenid, mapGroups, MEMBERS, type Provider, signInWith, ssoJourney, switchOn, testLogin } from "../sso-journey";
import { KEYCLOAK_PASSWORD, KEYCLOAK_SECRET, type Keycloak, type KeycloakPerson, startKeycloak } from "./keycloak";

// The same way as e2e/specs/sso.spec.ts, against a real Keycloak, with a rollover of its keys and a logout that it hears of; then by OpenID
// Connect, with logouts from both sides.

test.describe.configure({ mode: "serial" });

const SLUG = "keycloak";
const OPENID = { slug: "keycloak-openid", name: "Keycloak OpenID", domain: "openid.example", person: "olga@openid.example" };
let keycloak: Keycloak;
let provider: Provider;

test.beforeAll(async ({ reeve }) => {
  test.setTimeout(300_000);
  const people: KeycloakPerson[] = Object.values(MEMBERS).map(({ email, group }) => ({ email, groups: [group] }));
  people.push({ email: OPENID.person, groups: [MEMBERS.viewer.group] });
  keycloak = await startKeycloak({ reeve: reeve.url, slug: SLUG, openidSlug: OPENID.slug, people });
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

/** As the menu's button does. */
const signOut = (page: Page) =>
  page.evaluate(() => {
    const form = document.body.appendChild(document.createElement("form"));
    form.method = "post";
    form.action = "/sign-out";
    form.submit();
  });

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

test.describe("signing out here signs out there", () => {
  async function inAndOut(page: Page) {
    await page.goto("/sign-in?next=/account");
    await page.getByLabel("E-mail address").fill(MEMBERS.viewer.email);
    await page.getByRole("button", { name: "Continue", exact: true }).click();
    await page.getByRole("button", { name: "Continue with Keycloak" }).click();
    await page.locator("#username").fill(MEMBERS.viewer.email);
    await page.locator("#password").fill(KEYCLOAK_PASSWORD);
    await page.locator("#kc-login").click();
    await expect(page).toHaveURL(/\/account/);
    const before = await keycloak.sessions(MEMBERS.viewer.email);
    await signOut(page);
    // Its signed answer was believed: nothing is said beside the form.
    await expect(page).toHaveURL(/\/sign-in$/, { timeout: 30_000 });
    expect(await keycloak.sessions(MEMBERS.viewer.email)).toBe(before - 1);
  }

  test("by redirect", async ({ browser, reeve }) => {
    test.setTimeout(120_000);
    await inAndOut(await (await browser.newContext({ baseURL: reeve.url })).newPage());
  });

  test("by form, where it takes nothing else and checks our signature", async ({ browser, reeve, openAs }) => {
    test.setTimeout(120_000);
    const admin = await openAs("systemAdmin", `/settings/sso/${SLUG}/take`);
    await admin.getByLabel("Field by field").check();
    await admin.getByLabel("How they are sent there", { exact: true }).selectOption("post");
    await admin.getByLabel("How they are sent there to sign out").selectOption("post");
    await admin.getByRole("button", { name: "Save and continue" }).click();
    await expect(admin).toHaveURL(new RegExp(`/settings/sso/${SLUG}/attributes$`));
    const entityId = `${reeve.url}/api/sso/${SLUG}/metadata`;
    const certificate = /<ds:X509Certificate>([^<]+)</.exec(await (await fetch(entityId)).text())?.[1] ?? "";
    await keycloak.checkSignatures(entityId, certificate);
    const page = await (await browser.newContext({ baseURL: reeve.url })).newPage();
    const forms: string[] = [];
    page.on("request", (request) => {
      if (request.method() === "POST" && request.url().startsWith(keycloak.url) && /SAMLRequest=/.test(request.postData() ?? "")) forms.push(request.url());
    });
    await inAndOut(page);
    expect(forms).toHaveLength(2); // to sign in and to sign out
    await keycloak.checkSignatures(entityId, "AAAA");
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill(MEMBERS.viewer.email);
    await page.getByRole("button", { name: "Continue", exact: true }).click();
    await page.getByRole("button", { name: "Continue with Keycloak" }).click();
    await expect(page.locator("body")).toContainText(/sorry|invalid/i); // it did look at the signature
  });
});

test.describe("by OpenID Connect", () => {
  const signedIn = async (page: Page) => {
    await signInWith(page, provider, OPENID.name, OPENID.person, "/account?tab=access");
    await expect(page).toHaveURL(/\/account/);
  };

  test("connected with the address for its back-channel logout, and in by a group", async ({ browser, reeve }) => {
    test.setTimeout(180_000);
    const admin = await (await browser.newContext({ baseURL: reeve.url })).newPage();
    await signIn(admin, "systemAdmin", "/settings/sso");
    await connectOpenid(admin, { issuer: keycloak.issuer, clientId: "reeve", secret: KEYCLOAK_SECRET }, OPENID.slug, OPENID.name);
    await confirmDomain(admin, OPENID.slug, OPENID.domain);
    await testLogin(admin, provider, OPENID.slug, OPENID.person);
    await expect(admin.getByRole("main")).toContainText(MEMBERS.viewer.group);
    await switchOn(admin, OPENID.slug, OPENID.name);
    await mapGroups(admin, OPENID.slug, [MEMBERS.viewer]);
    const page = await (await browser.newContext({ baseURL: reeve.url })).newPage();
    await signedIn(page);
    await expect(page.getByRole("main")).toContainText("Viewer");
    expect((await page.goto(`/${WORKSPACE}/stacks`))?.status()).toBe(200);
  });

  test("who is signed out there is out here before Keycloak has its answer", async ({ browser, reeve, openAs }) => {
    test.setTimeout(120_000);
    const page = await (await browser.newContext({ baseURL: reeve.url })).newPage();
    await signedIn(page);
    await keycloak.signOut(OPENID.person);
    await page.goto("/account");
    await expect(page).toHaveURL(/\/sign-in/);
    const admin = await openAs("systemAdmin", "/audit?f=reason~is~single_logout");
    await expect(admin.getByRole("grid").getByText("session.ended").first()).toBeVisible();
  });

  test("signing out here goes on to its end-session page, and back", async ({ browser, reeve }) => {
    test.setTimeout(120_000);
    const page = await (await browser.newContext({ baseURL: reeve.url })).newPage();
    await signedIn(page);
    const before = await keycloak.sessions(OPENID.person);
    await signOut(page);
    // Without a token as a hint Keycloak asks the person itself.
    await page.locator("#kc-logout").click({ timeout: 30_000 });
    await expect(page).toHaveURL(/\/sign-in/, { timeout: 30_000 });
    expect(await keycloak.sessions(OPENID.person)).toBe(before - 1);
  });

  test("who is disabled there can't sign in again", async ({ browser, reeve }) => {
    test.setTimeout(120_000);
    await keycloak.setEnabled(OPENID.person, false);
    const page = await (await browser.newContext({ baseURL: reeve.url })).newPage();
    await page.goto("/sign-in");
    await page.getByLabel("E-mail address").fill(OPENID.person);
    await page.getByRole("button", { name: "Continue", exact: true }).click();
    await page.getByRole("button", { name: `Continue with ${OPENID.name}` }).click();
    await page.locator("#username").fill(OPENID.person);
    await page.locator("#password").fill(KEYCLOAK_PASSWORD);
    await page.locator("#kc-login").click();
    await expect(page.getByText("Account is disabled")).toBeVisible();
  });
});
