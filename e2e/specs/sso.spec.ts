import { expect, signIn, test } from "../browser";
import { type RunningReeve, startReeve } from "../fixtures";
import { startIdentityProvider } from "../identity-provider";
import { MEMBERS, type Provider, signInWith, ssoJourney } from "../sso-journey";

// Single sign-on in the browser, against an identity provider of the test's own; against a real Keycloak in e2e/peers.

test.describe.configure({ mode: "serial" });

// A Reeve of its own: whom a directory speaks for is looked at by other files too.
let reeve: RunningReeve;
let idp: Awaited<ReturnType<typeof startIdentityProvider>>;
let provider: Provider;
test.beforeAll(async () => {
  test.setTimeout(300_000);
  reeve = await startReeve({ env: { REEVE_ALLOW_NETWORKS: "127.0.0.0/8" } });
  idp = await startIdentityProvider(Object.values(MEMBERS).map(({ email, name, group }) => ({ email, name, groups: [group], enabled: true })));
  provider = {
    metadataUrl: idp.metadataUrl,
    signIn: (page, email) => page.getByRole("link", { name: idp.accounts.find((one) => one.email === email)?.name ?? "" }).click(),
    disable: async (email) => {
      for (const account of idp.accounts) if (account.email === email) account.enabled = false;
    },
  };
});
test.afterAll(async () => {
  await idp?.stop();
  await reeve?.stop();
});

test("connected, mapped, in by groups, and out everywhere on the next request", async ({ browser }) => {
  test.setTimeout(300_000);
  await ssoJourney({ browser, reeve, provider, slug: "corp", name: "Corp" });
});

test("an enforced domain takes no password, and who is unknown is told why", async ({ browser }) => {
  const page = await (await browser.newContext({ baseURL: reeve.url })).newPage();
  idp.accounts.push({ email: "eve@elsewhere.example", name: "Eve Elsewhere", groups: [], enabled: true });
  await page.goto("/sign-in");
  await page.getByLabel("E-mail address").fill("somebody@corp.example");
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await page.getByRole("button", { name: "Continue with Corp" }).click();
  await page.getByRole("link", { name: "Eve Elsewhere" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("The e-mail address's domain is not proven for this connection.");
  await signInWith(page, provider, "Corp", MEMBERS.viewer.email, "/account");
  await expect(page).toHaveURL(/\/account/);
});

test("by the form binding too; and signing out goes on to the provider", async ({ browser }) => {
  test.setTimeout(120_000);
  const admin = await (await browser.newContext({ baseURL: reeve.url })).newPage();
  await signIn(admin, "systemAdmin", "/settings/sso/corp/take");
  await admin.getByLabel("Metadata URL").fill(`${idp.metadataUrl}?binding=HTTP-POST`);
  await admin.getByRole("button", { name: "Read and save" }).click();
  await expect(admin.getByRole("main")).toContainText("HTTP-POST");
  const page = await (await browser.newContext({ baseURL: reeve.url })).newPage();
  await signInWith(page, provider, "Corp", MEMBERS.viewer.email, "/account");
  await expect(page).toHaveURL(/\/account/);
  await page
    .getByRole("button", { name: /Vivian/ })
    .first()
    .click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByText("Signed out there, as asked by signature.")).toBeVisible();
  await page.goto(`${reeve.url}/account`);
  await expect(page).toHaveURL(/\/sign-in/);
});
