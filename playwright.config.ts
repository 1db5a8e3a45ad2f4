import { execFileSync } from "node:child_process";
import { defineConfig } from "@playwright/test";

/** The chromium of CHROME_PATH, else the one on PATH, else the one that playwright installed itself. */
function chromium(): string | undefined {
  if (process.env.CHROME_PATH) return process.env.CHROME_PATH;
  for (const name of ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"]) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {}
  }
  return undefined;
}

const isRoot = process.getuid?.() === 0;

/** Browser tests of the built product: one Reeve for the whole run (e2e/global-setup.ts). */
export default defineConfig({
  // Those against peers that take minutes to start run alone (npm run test:peers).
  testDir: process.env.REEVE_PEERS ? "e2e/peers" : "e2e/specs",
  testMatch: "**/*.spec.ts", // what is named *.test.ts is run by vitest
  globalSetup: "./e2e/global-setup.ts",
  fullyParallel: true,
  workers: 2,
  retries: 1, // what passes only the second time is reported as flaky, by name
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  outputDir: ".cache/playwright",
  use: {
    headless: true,
    actionTimeout: 20_000,
    locale: "en-GB",
    timezoneId: "Europe/Amsterdam",
    trace: process.env.REEVE_E2E_TRACE ? "retain-on-failure" : "off", // recording doubles the time of a test
    screenshot: "only-on-failure",
    launchOptions: { executablePath: chromium(), args: [...(isRoot ? ["--no-sandbox"] : []), "--disable-dev-shm-usage"] },
  },
});
