import { expect, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { checkPages } from "../page-check";

// A System Admin makes a team, gives it a role and fills it; who is in it has the role on the next request, and loses it on leaving.

test.describe.configure({ mode: "default" });

const OSKAR = "oskar@acme.example";
let team = "";

test("a team is made, gets a role, and who joins it is let in on the next request", async ({ openAs }) => {
  const outsider = await openAs("outsider");
  expect((await outsider.goto(`/${WORKSPACE}/access`))?.status()).toBe(404);

  const page = await openAs("systemAdmin", "/settings/teams");
  await page.getByRole("button", { name: "New team…" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel("Name", { exact: true }).fill("Risk models");
  await form.getByLabel("What it is for").fill("Who looks after the models of risk");
  await form.getByRole("button", { name: "Make the team" }).click();
  await expect(page).toHaveURL(/\/settings\/teams\/[0-9a-f-]{36}$/);
  team = new URL(page.url()).pathname;

  await page.getByRole("button", { name: "Give a role…" }).click();
  await form.getByLabel("Where").selectOption({ label: `The workspace ${WORKSPACE}` });
  await form.getByLabel("Role", { exact: true }).selectOption("viewer");
  await form.getByRole("button", { name: "Give the role" }).click();
  await expect(page.getByRole("region", { name: "Roles of the team" })).toContainText(WORKSPACE);

  await page.getByRole("button", { name: "Add a person…" }).click();
  await form.getByLabel("E-mail address").fill("sven@acme.example");
  await form.getByRole("button", { name: "Add to the team" }).click();
  await expect(form.getByText("Nobody changes their own grants.").first()).toBeVisible();
  await form.getByLabel("E-mail address").fill(OSKAR);
  await form.getByRole("button", { name: "Add to the team" }).click();
  await expect(page.getByRole("region", { name: "Members of the team" })).toContainText(OSKAR);
  await expect(page.getByRole("region", { name: "Newest entries about the team" })).toContainText("team.member-added");

  expect((await outsider.goto(`/${WORKSPACE}/access`))?.status()).toBe(200);
});

test("the members of a workspace show the team that a grant comes from; it is ended there for all of them", async ({ openAs }) => {
  const page = await openAs("systemAdmin", `/${WORKSPACE}/access?f=source~is~team`);
  const row = page.getByRole("grid").getByRole("row").filter({ hasText: "Oskar" });
  await expect(row).toContainText("Team Risk models");
  await expect(row.getByRole("button", { name: "End…" })).toHaveCount(0);
  await page.getByText("1 role is given to teams").click();
  await page.getByRole("region", { name: "Grants of teams" }).getByRole("button", { name: "End…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "End the grant" }).click();
  await expect(page.getByText("Ended for Risk models.").first()).toBeVisible();
  const outsider = await openAs("outsider");
  expect((await outsider.goto(`/${WORKSPACE}/access`))?.status()).toBe(404);
});

test("an auditor reads teams and changes none; who reads none gets no page", async ({ openAs }) => {
  const page = await openAs("auditor", team);
  await expect(page.getByRole("region", { name: "Members of the team" })).toContainText("Oskar");
  await expect(page.getByRole("button", { name: "Take out…" })).toHaveCount(0);
  await page.goto("/settings/teams");
  await page.getByRole("button", { name: "New team…" }).press("Enter");
  await expect(page.getByRole("heading", { name: "Making teams is not in your role" })).toBeVisible();
  const viewer = await openAs("viewer");
  expect((await viewer.goto(team))?.status()).toBe(404);
});

checkPages([
  { name: "teams", person: "systemAdmin", path: () => "/settings/teams" },
  { name: "a team", person: "systemAdmin", path: () => team },
]);

test("a team is deleted by its name, and what it gave is gone", async ({ openAs }) => {
  const page = await openAs("systemAdmin", team);
  await page.getByRole("button", { name: "Delete…" }).click();
  await page.getByRole("dialog").getByLabel("Type Risk models").fill("Risk models");
  await page.getByRole("dialog").getByRole("button", { name: "Delete the team" }).click();
  await expect(page.getByText("There is no team yet.")).toBeVisible();
});
