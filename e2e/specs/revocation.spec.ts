import pg from "pg";
import { expect, test } from "../browser";
import { checkPages } from "../page-check";

// A round of canaries on the built product: through its real pages, actions, streams and wire, over loopback, as the worker does it every hour.

test.describe.configure({ mode: "default" });

const PAGE = "/settings/revocation";

async function owner<T extends pg.QueryResultRow>(url: string, text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url, options: "-c search_path=reeve" });
  await client.connect();
  try {
    return (await client.query<T>(text)).rows;
  } finally {
    await client.end();
  }
}

test("a System Admin runs a round: every surface refuses within a second, and nothing of the canaries is left", async ({ openAs, reeve }) => {
  test.setTimeout(120_000);
  const page = await openAs("systemAdmin", PAGE);
  await page.getByRole("button", { name: "Run now" }).click();
  await expect(page.getByText("A round begins.").first()).toBeVisible();
  const rounds = () => owner(reeve.ownerUrl, "select failure from canary_round where ended_at is not null");
  await expect.poll(rounds, { timeout: 90_000 }).toEqual([{ failure: null }]);
  const bad = "select cause, surface, seconds, failure from canary_trial where seconds is null or seconds > 1";
  expect(await owner(reeve.ownerUrl, bad)).toEqual([]);
  const left =
    "select (select count(*)::int from principal where kind = 'canary') as people, (select count(*)::int from directory where provider = 'canary') as directories";
  expect(await owner(reeve.ownerUrl, left)).toEqual([{ people: 0, directories: 0 }]);

  await page.reload();
  await expect(page.getByText("38 of 38")).toBeVisible();
  const matrix = page.getByRole("region", { name: "Last measured" });
  await expect(matrix.getByRole("row")).toHaveCount(10);
  await expect(page.getByRole("main").getByRole("alert")).toHaveCount(0);
  await matrix.getByRole("row").filter({ hasText: "The token is revoked" }).getByRole("link").click();
  await expect(page).toHaveURL(/revocation\/trials\?/);
  await expect(page.getByRole("grid").getByText("Over in time")).toHaveCount(1);
  await page
    .getByRole("grid")
    .getByRole("link", { name: /^canary-/ })
    .click();
  await expect(page).toHaveURL(/\/audit\?f=target~contains~canary-/);
  await expect(page.getByRole("grid").getByText("Canary", { exact: true }).first()).toBeVisible();
});

test("the hourly rounds are switched off and on, and the trail says who did", async ({ openAs }) => {
  const page = await openAs("systemAdmin", PAGE);
  await page.getByRole("button", { name: "Switch off" }).click();
  await expect(page.getByText("when somebody asks")).toBeVisible();
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByText("when somebody asks")).toHaveCount(0);
  await page.goto("/audit?f=action~is~canary.switched");
  await expect(page.getByRole("grid").getByText("canary.switched")).toHaveCount(2);
});

test("an auditor reads it and runs nothing; nobody else has the page", async ({ openAs }) => {
  const page = await openAs("auditor", PAGE);
  await expect(page.getByRole("region", { name: "Last measured" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Switch off" })).toHaveCount(0);
  await page.getByRole("button", { name: "Run now" }).press("Enter");
  await expect(page.getByText("Measuring is not in your role").first()).toBeVisible();
  const viewer = await openAs("viewer");
  expect((await viewer.goto(PAGE))?.status()).toBe(404);
  expect((await viewer.goto(`${PAGE}/trials`))?.status()).toBe(404);
});

test("access that outlived its end is an alarm", async ({ openAs, reeve }) => {
  await owner(
    reeve.ownerUrl,
    `insert into canary_trial (id, round_id, organization_id, cause, surface, canary, seconds)
      select gen_random_uuid(), id, organization_id, 'deactivated', 'key', 'canary-0', null from canary_round order by at desc limit 1`,
  );
  const page = await openAs("systemAdmin", PAGE);
  await expect(page.getByRole("main").getByRole("alert")).toContainText("Access was still open after 1 s: api key after “an administrator deactivates”.");
  await expect(page.getByRole("region", { name: "Last measured" })).toContainText("still open");
});

checkPages([
  { name: "revocation", person: "systemAdmin", path: () => PAGE },
  { name: "trials of revocation", person: "auditor", path: () => `${PAGE}/trials` },
]);
