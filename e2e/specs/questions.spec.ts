import { expect, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { checkPages } from "../page-check";
import { seedAttention } from "../seed-attention";
import { seedUi } from "../seed-ui";

// What a run wants of a person: a question answered once in the browser, with a form from its schema, and a run that fell silent.

const RUNS = `/${WORKSPACE}/projects/default/runs`;
let waitingRunId = "";
let lostRunId = "";

test.describe.configure({ mode: "default" });
test.beforeAll(async ({ reeve }) => {
  await seedUi(reeve.ownerUrl, { workspace: WORKSPACE, runs: 120 });
  ({ waitingRunId, lostRunId } = await seedAttention(reeve.ownerUrl, WORKSPACE));
});

checkPages([{ name: "run with an open question", person: "contributor", path: () => `${RUNS}/${waitingRunId}` }]);

test("a viewer reads the question and is refused the answer with the role that may", async ({ openAs }) => {
  const page = await openAs("viewer", `${RUNS}?f=status~is~waiting`);
  await page
    .getByRole("grid")
    .getByRole("link", { name: /label_review/ })
    .first()
    .click();
  await expect(page.getByRole("heading", { name: /Ship the model/ })).toBeVisible();
  await page.getByRole("button", { name: "Answer" }).press("Enter");
  await expect(page.getByRole("dialog")).toContainText("Workspace Admin would allow it");
});

test("a lost run says since when, and is found under its filter", async ({ openAs }) => {
  const page = await openAs("viewer", `${RUNS}?f=status~is~lost`);
  await page
    .getByRole("grid")
    .getByRole("link", { name: /fraud_embed/ })
    .first()
    .click();
  await expect(page.getByRole("heading", { name: "Nothing is heard of this run" })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(lostRunId));
});

test("an answer has to fit, counts once, and is shown with who gave it", async ({ openAs }) => {
  const page = await openAs("contributor", `${RUNS}/${waitingRunId}`);
  const late = await openAs("workspaceAdmin", `${RUNS}/${waitingRunId}`);
  await late.getByLabel("Verdict").selectOption("hold");
  await page.getByRole("button", { name: "Continue the run" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("verdict");
  await page.getByLabel("Verdict").selectOption("ship");
  await page.getByLabel("Threshold").fill("7");
  await page.getByRole("button", { name: "Continue the run" }).click();
  await expect(page.getByRole("main").getByRole("alert")).toContainText("<= 1");
  await page.getByLabel("Threshold").fill("0.95");
  // Both at once: the first one counts.
  await Promise.all([page, late].map((one) => one.getByRole("button", { name: "Continue the run" }).click()));
  await expect(page.getByRole("heading", { name: /Ship the model/ })).toBeHidden();
  await page.getByText(/answered question/).click();
  const answered = page.getByRole("list", { name: "Answered questions" }).getByRole("listitem").filter({ hasText: "Ship the model" });
  await expect(answered).toHaveCount(1);
  await expect(answered).toContainText(/Carlos Mbeki|Wilma Okafor/);
});
