import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Browser, Page } from "@playwright/test";
import { expect, signIn } from "./browser";
import { zenmlClient } from "./clients/zenml/client";
import { OTHER_WORKSPACE, type Reeve, WORKSPACE } from "./fixtures";

// A new administrator's way, against whatever identity provider a test brings: connect it by SAML, map three groups to roles in two workspaces,
// see a member of each in, and see who is disabled lose browser, command line and API key on the next request.

export const MEMBERS = {
  viewer: { email: "vivian@corp.example", name: "Vivian Test", group: "ml-viewers", role: "Viewer", workspace: WORKSPACE },
  contributor: { email: "dario@corp.example", name: "Dario Test", group: "ds-contributors", role: "Contributor", workspace: OTHER_WORKSPACE },
  admin: { email: "petra@corp.example", name: "Petra Test", group: "ml-platform-admins", role: "Workspace Admin", workspace: WORKSPACE },
} as const;
type Member = (typeof MEMBERS)[keyof typeof MEMBERS];

export type SignIn = {
  /** What a person does on the provider's own page. */
  signIn: (page: Page, email: string) => Promise<void>;
};
export type Provider = SignIn & {
  metadataUrl: string;
  /** Switches a person off at the provider. */
  disable: (email: string) => Promise<void>;
};

const ROLE_VALUES: Record<Member["role"], string> = { Viewer: "viewer", Contributor: "contributor", "Workspace Admin": "workspace-admin" };

/** The wizard's first step, for a Keycloak. */
async function beginConnection(page: Page, protocol: string, slug: string, name: string): Promise<void> {
  await page.goto("/settings/sso");
  await page.getByRole("link", { name: "Connect a provider" }).first().click();
  await page.getByLabel("Identity provider").selectOption({ label: "Keycloak" });
  await page.getByLabel("Protocol").selectOption({ label: protocol });
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Name in the address").fill(slug);
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page).toHaveURL(new RegExp(`/settings/sso/${slug}/give$`));
}

/** Connects a provider by OpenID Connect in the wizard, as far as the test login. */
export async function connectOpenid(page: Page, at: { issuer: string; clientId: string; secret: string }, slug: string, name: string): Promise<void> {
  await beginConnection(page, "OpenID Connect", slug, name);
  await expect(page.getByText(`/api/sso/${slug}/backchannel-logout`).first()).toBeVisible();
  await page.goto(`/settings/sso/${slug}/take`);
  await page.getByLabel("Issuer").fill(at.issuer);
  await page.getByLabel("Client id").fill(at.clientId);
  await page.getByLabel("Client secret").fill(at.secret);
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page).toHaveURL(new RegExp(`/settings/sso/${slug}/attributes$`));
  await page.getByLabel("Groups").fill("groups");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page).toHaveURL(new RegExp(`/settings/sso/${slug}/test$`));
}

/** Connects the provider by SAML in the wizard, as far as the test login. */
export async function connectProvider(page: Page, provider: Provider, slug: string, name: string): Promise<void> {
  await beginConnection(page, "SAML 2.0", slug, name);
  await expect(page.getByText(`/api/sso/${slug}/acs`).first()).toBeVisible();
  await page.goto(`/settings/sso/${slug}/take`);
  await page.getByLabel("Metadata URL").fill(provider.metadataUrl);
  await page.getByRole("button", { name: "Read and save" }).click();
  await page.getByRole("link", { name: "Continue" }).click();
  await expect(page).toHaveURL(new RegExp(`/settings/sso/${slug}/attributes$`));
  await page.getByLabel("E-mail address").fill("email");
  await page.getByLabel("Given name").fill("firstName");
  await page.getByLabel("Family name").fill("lastName");
  await page.getByLabel("Groups").fill("groups");
  await page.getByRole("button", { name: "Save and continue" }).click();
  await expect(page).toHaveURL(new RegExp(`/settings/sso/${slug}/test$`));
}

/** Adds the domain and confirms it by hand, as where no DNS can be asked. */
export async function confirmDomain(page: Page, slug: string, domain: string): Promise<void> {
  await page.goto(`/settings/sso/${slug}/domains`);
  await page.getByRole("button", { name: "Add a domain…" }).first().click();
  await page.getByRole("dialog").getByLabel("Domain").fill(domain);
  await page.getByRole("dialog").getByRole("button", { name: "Add the domain" }).click();
  await page.getByRole("button", { name: "Confirm by hand…" }).click();
  await page.getByRole("dialog").getByLabel("How you know that the domain is yours").fill("It is our company's own.");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: `Confirm ${domain}` })
    .click();
  await expect(page.getByText("Confirmed by hand")).toBeVisible();
}

/** A dry sign-in as somebody; ends on the page of its result. */
export async function testLogin(page: Page, provider: SignIn, slug: string, email: string): Promise<void> {
  await page.goto(`/settings/sso/${slug}/test`);
  await page
    .getByRole("button", { name: /^(Start the test login|Test again)$/ })
    .first()
    .click();
  await provider.signIn(page, email);
  await expect(page).toHaveURL(new RegExp(`/settings/sso/${slug}/`));
  await expect(page.getByRole("main")).toContainText(email);
}

/** Signs in from our own page, by the button that the address leads to. */
export async function signInWith(page: Page, provider: SignIn, name: string, email: string, next = "/"): Promise<void> {
  await page.goto(`/sign-in?next=${encodeURIComponent(next)}`);
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await page.getByRole("button", { name: `Continue with ${name}` }).click();
  await provider.signIn(page, email);
}

/** Switches a connection on, after its test login. */
export async function switchOn(page: Page, slug: string, name: string): Promise<void> {
  await page.goto(`/settings/sso/${slug}/test`);
  await page.getByRole("button", { name: "Switch on…" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "Switch it on" }).click();
  await expect(page.getByText(`${name} is on.`).first()).toBeVisible();
}

/** On the page of a connection's group rules: names groups before anybody of them signed in, and gives each a role. */
export async function mapGroups(page: Page, slug: string, members: readonly Pick<Member, "group" | "role" | "workspace">[]): Promise<void> {
  await page.goto(`/settings/sso/${slug}/options`);
  await page.getByRole("link", { name: "rules on them" }).click();
  await expect(page).toHaveURL(/\/settings\/directory\/[0-9a-f-]{36}\/rules/);
  for (const member of members) {
    await page.getByRole("button", { name: "Name a group…" }).click();
    await page.getByRole("dialog").getByLabel("Group").fill(member.group);
    await page.getByRole("dialog").getByRole("button", { name: "Name it" }).click();
    await expect(page.getByText(`${member.group} can be chosen.`).first()).toBeVisible();
    await page.getByLabel("Members of").selectOption({ label: `${member.group} (0)` });
    await page.getByLabel("are", { exact: true }).selectOption(ROLE_VALUES[member.role]);
    await page.getByLabel("in", { exact: true }).selectOption({ label: member.workspace });
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByRole("button", { name: "Make the rule" }).click();
    await expect(page.getByText("The rule is made").first()).toBeVisible();
  }
}

/** The whole way. `slug`, `name`: of the connection, which the provider knows. */
export async function ssoJourney({
  browser,
  reeve,
  provider,
  slug,
  name,
}: {
  browser: Browser;
  reeve: Reeve;
  provider: Provider;
  slug: string;
  name: string;
}): Promise<void> {
  const open = async () => (await browser.newContext({ baseURL: reeve.url })).newPage();
  const admin = await open();
  await signIn(admin, "systemAdmin", "/settings/sso");

  await connectProvider(admin, provider, slug, name);
  await confirmDomain(admin, slug, "corp.example");
  await testLogin(admin, provider, slug, MEMBERS.viewer.email);
  await expect(admin.getByRole("main")).toContainText("ml-viewers");
  await admin.getByText("The provider’s answer as it came").click();
  await expect(admin.getByRole("main").locator("pre")).toContainText("[redacted: ");
  await admin.getByRole("button", { name: "Keep as evidence" }).click();
  await expect(admin.getByText(/^Kept as evidence by /)).toBeVisible();
  await switchOn(admin, slug, name);
  await expect(
    admin.getByRole("main").getByRole("region", { name: "Test logins kept as evidence" }).first().getByRole("link", { name: "Download" }),
  ).toHaveCount(1);
  await mapGroups(admin, slug, Object.values(MEMBERS));

  // A member of each is in with that role, and with no other.
  const pages: Record<string, Page> = {};
  for (const member of Object.values(MEMBERS)) {
    const page = await open();
    pages[member.email] = page;
    await signInWith(page, provider, name, member.email, "/account?tab=access");
    await expect(page).toHaveURL(/\/account/);
    await expect(page.getByRole("main")).toContainText(member.role);
    const other = member.workspace === WORKSPACE ? OTHER_WORKSPACE : WORKSPACE;
    expect((await page.goto(`/${member.workspace}/stacks`))?.status()).toBe(200);
    expect((await page.goto(`/${other}/stacks`))?.status()).toBe(404);
  }

  // The platform admin's command line by device, and an API key that she made.
  const petra = pages[MEMBERS.admin.email] as Page;
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-petra-"));
  const client = zenmlClient(home, undefined);
  const login = client.start("login", `${reeve.url}/${WORKSPACE}`);
  try {
    const verify = /https?:\/\/[^\s:]+(:\d+)?\/\S+\/devices\/verify\?device_id=[0-9a-f-]{36}&user_code=[0-9a-f]{32}/;
    await expect.poll(() => login.printed().replace(/\n/g, ""), { timeout: 60_000 }).toMatch(verify);
    await petra.goto(verify.exec(login.printed().replace(/\n/g, ""))?.[0] ?? "");
    await petra.getByRole("button", { name: /^Approve/ }).click();
    expect(await login.end, login.printed()).toBe(0);
    const made = await client.zenml("service-account", "create", `of-petra-${slug}`);
    const key = /ZENKEY_[A-Za-z0-9_-]+=*/.exec(made.output.replace(/\s/g, ""))?.[0] ?? "";
    expect(key, made.output).not.toBe("");
    const withKey = () => fetch(`${reeve.url}/${WORKSPACE}/api/v1/login`, { method: "POST", body: new URLSearchParams({ password: key }) });
    expect((await withKey()).status).toBe(200);

    // The directory that speaks for her account: it takes her on, and then says that she is disabled.
    const scim = await connectDirectory(admin, reeve, `${slug}-people`);
    const user = await scim("POST", "/Users", { userName: MEMBERS.admin.email, displayName: MEMBERS.admin.name, externalId: "petra", active: true });
    expect(user.status).toBe(201);
    expect((await petra.goto(`/${WORKSPACE}/stacks`))?.status()).toBe(200);
    await provider.disable(MEMBERS.admin.email);
    const operations = [{ op: "replace", value: { active: false } }];
    const schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"];
    expect((await scim("PATCH", `/Users/${(user.body as { id: string }).id}`, { schemas, Operations: operations })).status).toBe(200);

    await petra.goto(`/${WORKSPACE}/stacks`);
    await expect(petra).toHaveURL(/\/sign-in/);
    expect((await withKey()).status).toBe(401);
    const refused = await client.zenml("stack", "list");
    expect(refused.code).not.toBe(0);
    expect(refused.output).toMatch(/is not active|no longer valid|CredentialsNotValid/);
    // The others are where they were.
    expect((await (pages[MEMBERS.viewer.email] as Page).goto(`/${WORKSPACE}/stacks`))?.status()).toBe(200);
  } finally {
    login.process.kill("SIGKILL");
    fs.rmSync(home, { recursive: true, force: true });
  }
}

/** Makes a SCIM directory in the browser; gives what calls it. */
async function connectDirectory(page: Page, reeve: Reeve, slug: string) {
  await page.goto("/settings/directory");
  await page.getByRole("button", { name: "Connect a directory…" }).first().click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name", { exact: true }).fill("People of Corp");
  await form.getByLabel("Name in the address").fill(slug);
  await form.getByLabel("It is").selectOption("other");
  await form.getByRole("button", { name: "Make endpoint and token" }).click();
  const token = (await page.getByRole("dialog").locator("code").first().textContent()) ?? "";
  await page.getByLabel("I have stored it").check();
  await page.getByRole("button", { name: "Close" }).click();
  return async (method: string, at: string, body: unknown) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/scim+json" };
    const answer = await fetch(`${reeve.url}/api/scim/v2/${slug}${at}`, { method, headers, body: JSON.stringify(body) });
    return { status: answer.status, body: (await answer.json()) as unknown };
  };
}
