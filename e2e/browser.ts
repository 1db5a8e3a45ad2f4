import { test as base, type Browser, type BrowserContext, expect, type Page } from "@playwright/test";
import { PEOPLE, type PersonId, type Reeve } from "./fixtures";

// The browser tests' own `test`: knows the running Reeve and signs people in.

export const REEVE_VARIABLE = "REEVE_E2E";

/** The Reeve that the run's global set-up started. */
export function runningReeve(): Reeve {
  const facts = process.env[REEVE_VARIABLE];
  if (!facts) throw new Error("There is no running Reeve: start the tests with playwright, whose configuration starts one.");
  return JSON.parse(facts) as Reeve;
}

type Fixtures = {
  reeve: Reeve;
  /** A page on which the person is signed in, in a context of its own, at the path (null: nowhere yet). `isFresh`: by a sign-in, and so a session, of its own. */
  openAs: (person: PersonId, path?: string | null, options?: { isFresh?: boolean }) => Promise<Page>;
};

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: playwright asks for a pattern
  reeve: async ({}, use) => use(runningReeve()),
  openAs: async ({ browser, reeve }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (person, path = "/", { isFresh = false } = {}) => {
      const page = await (isFresh ? openNew : openAgain)(browser, reeve.url, person, path);
      contexts.push(page.context());
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

/** What the browser holds right after a person's sign-in. */
const states = new Map<PersonId, Awaited<ReturnType<BrowserContext["storageState"]>>>();

/** The sign-in itself happens once in each worker, and again where it was ended. */
async function openAgain(browser: Browser, url: string, person: PersonId, path: string | null): Promise<Page> {
  const state = states.get(person);
  if (state) {
    const page = await (await browser.newContext({ baseURL: url, storageState: state })).newPage();
    if (path === null) return page;
    await page.goto(path);
    if (!isSignIn(new URL(page.url()))) return listening(page);
    await page.context().close();
  }
  const page = await openNew(browser, url, person, path);
  states.set(person, await page.context().storageState());
  return page;
}

async function openNew(browser: Browser, url: string, person: PersonId, path: string | null): Promise<Page> {
  const page = await (await browser.newContext({ baseURL: url })).newPage();
  await signIn(page, person, path ?? "/workspaces");
  return page;
}

const isSignIn = (url: URL): boolean => url.pathname.startsWith("/sign-in");

/** The page, when it hears clicks and keys: until React has taken over what the server drew, they go nowhere. */
export async function listening(page: Page): Promise<Page> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll("button, input:not([type=hidden]), select, textarea")].every((one) =>
      Object.keys(one).some((key) => key.startsWith("__reactProps")),
    ),
  );
  // Listeners for keys are put up by effects, which come a task or two after what they belong to.
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(() => resolve(null), { timeout: 2_000 })));
  return page;
}

/** Signs in through the page, as a person does. */
export async function signIn(page: Page, person: PersonId, path = "/"): Promise<void> {
  const { email, password } = PEOPLE[person];
  await page.goto(`/sign-in?next=${encodeURIComponent(path)}`);
  await fillSignIn(page, email, password);
  await page.waitForURL((url) => !isSignIn(url));
  await listening(page);
}

/** Types the pair and sends it. */
export async function fillSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

export { expect };
