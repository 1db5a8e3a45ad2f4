import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./browser";
import type { PersonId } from "./fixtures";

// One test per page: axe (WCAG 2.2 A and AA) finds nothing, nothing is logged as an error, nothing scrolls sideways, in both themes, on a
// desktop and on a phone.

export type CheckedPage = { name: string; person: PersonId; path: () => string };

const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

/** What axe finds, as a line each: the rule and the elements. */
export async function violationsOf(page: Page, within = "html"): Promise<string[]> {
  // What it did not find it need not describe.
  const axe = new AxeBuilder({ page })
    .include(within)
    .options({ resultTypes: ["violations"] })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
  // Only frames need the second page that it otherwise opens to put their results together.
  const { violations } = await axe.setLegacyMode(page.frames().length === 1).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

/** Declares the tests. Of a list a dozen rows are enough: they are made alike. */
export function checkPages(pages: readonly CheckedPage[]): void {
  for (const { name, person, path } of pages) {
    test(`axe finds nothing: ${name}`, async ({ openAs }) => {
      test.setTimeout(150_000);
      const page = await openAs(person, null);
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => message.type() === "error" && !/404/.test(message.text()) && errors.push(message.text()));
      await page.goto(path());
      await expect(page.getByRole("heading", { level: 1 })).toHaveCount(1);
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        for (const theme of ["light", "dark"]) {
          await page.evaluate(async (chosen) => {
            document.documentElement.dataset.theme = chosen;
            // Colours move for a moment: axe is to see where they end.
            await Promise.allSettled(document.getAnimations().map((one) => one instanceof CSSTransition && one.finished));
          }, theme);
          const found = await violationsOf(page);
          expect(found, `${size}, ${theme}`).toEqual([]);
        }
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(overflow, `the page scrolls sideways: ${size}`).toBeLessThanOrEqual(0);
      }
      expect(errors).toEqual([]);
    });
  }
}
