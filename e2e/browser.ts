import { test as base, type BrowserContext, expect, type Page } from "@playwright/test";
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
  /** A page on which the person has just signed in, in a context of its own, at the path. */
  openAs: (person: PersonId, path?: string) => Promise<Page>;
};

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: playwright asks for a pattern
  reeve: async ({}, use) => use(runningReeve()),
  openAs: async ({ browser, reeve }, use) => {
    const contexts: BrowserContext[] = [];
    await use(async (person, path = "/") => {
      const context = await browser.newContext({ baseURL: reeve.url });
      contexts.push(context);
      const page = await context.newPage();
      await signIn(page, person, path);
      return page;
    });
    await Promise.all(contexts.map((context) => context.close()));
  },
});

/** Signs in through the page, as a person does. */
export async function signIn(page: Page, person: PersonId, path = "/"): Promise<void> {
  const { email, password } = PEOPLE[person];
  await page.goto(`/sign-in?next=${encodeURIComponent(path)}`);
  await fillSignIn(page, email, password);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

/** Types the pair and sends it. */
export async function fillSignIn(page: Page, email: string, password: string): Promise<void> {
  await page.getByLabel("E-mail address").fill(email);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByLabel("Password").fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

export { expect };
