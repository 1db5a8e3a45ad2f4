import pg from "pg";
import { expect, runningReeve, test } from "../browser";
import { WORKSPACE } from "../fixtures";
import { checkPages } from "../page-check";

// The pages of people, access, service accounts and stacks, as those see them who live in them.

let ids = { person: "", account: "", component: "", stack: "" };
test.describe.configure({ mode: "default" });
test.beforeAll(async () => {
  const client = new pg.Client({ connectionString: runningReeve().ownerUrl, options: "-c search_path=reeve" });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select (select id from principal where email = 'carlos@acme.example') as person, (select id from principal where name = 'ci' and kind = 'service_account') as account,
        (select c.id from component c join workspace w on w.id = c.workspace_id where w.slug = $1 and c.type = 'artifact_store' and c.name = 'default') as component,
        (select s.id from stack s join workspace w on w.id = s.workspace_id where w.slug = $1 and s.name = 'default') as stack`,
      [WORKSPACE],
    );
    ids = rows[0];
  } finally {
    await client.end();
  }
});

const W = `/${WORKSPACE}`;

checkPages([
  { name: "members", person: "workspaceAdmin", path: () => `${W}/access` },
  { name: "members of the organization, as of a day", person: "auditor", path: () => "/access?at=2030-01-01" },
  { name: "a person", person: "systemAdmin", path: () => `/access/people/${ids.person}` },
  { name: "requests", person: "workspaceAdmin", path: () => `${W}/access/requests` },
  { name: "invitations", person: "systemAdmin", path: () => "/access/invitations" },
  { name: "who can reach", person: "auditor", path: () => `${W}/access/reach` },
  { name: "why", person: "viewer", path: () => `${W}/access/why` },
  { name: "roles", person: "systemAdmin", path: () => "/settings/roles" },
  { name: "a role", person: "systemAdmin", path: () => "/settings/roles/contributor" },
  { name: "a workspace to manage", person: "systemAdmin", path: () => `/workspaces/${WORKSPACE}` },
  { name: "workspace settings", person: "workspaceAdmin", path: () => `${W}/settings` },
  { name: "projects", person: "workspaceAdmin", path: () => `${W}/settings/projects` },
  { name: "service accounts", person: "workspaceAdmin", path: () => `${W}/settings/service-accounts` },
  { name: "a service account", person: "workspaceAdmin", path: () => `${W}/settings/service-accounts/${ids.account}` },
  ...["profile", "sessions", "devices", "tokens", "access", "preferences"].map((tab) => ({
    name: `my account, ${tab}`,
    person: "contributor" as const,
    path: () => `/account?tab=${tab}`,
  })),
  { name: "stacks", person: "viewer", path: () => `${W}/stacks` },
  { name: "a stack", person: "contributor", path: () => `${W}/stacks/${ids.stack}` },
  { name: "a new stack", person: "contributor", path: () => `${W}/stacks/new` },
  { name: "components", person: "viewer", path: () => `${W}/components` },
  { name: "a component", person: "contributor", path: () => `${W}/components/${ids.component}` },
  { name: "flavors", person: "viewer", path: () => `${W}/flavors` },
]);

test("what was done to a service account is told", async ({ openAs }) => {
  const page = await openAs("workspaceAdmin", `${W}/settings/service-accounts/${ids.account}`);
  await page.getByRole("button", { name: "Edit…" }).click();
  await page.getByRole("dialog").getByLabel("Description").fill("Runs the nightly pipelines.");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Saved ci.").first()).toBeVisible();
});
