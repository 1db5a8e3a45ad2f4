import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { asOwner } from "@/lib/kernel/test-rows";
import { type Account, call, makeAccount, makeWireWorkspaces, startRun } from "./test-wire";

// A list's total counts what the reader may see: it must not tell how much there is beyond.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const SLUG = "fraud-detection";
let place: Awaited<ReturnType<typeof startRun>>;
let accounts: Record<"admin" | "viewer" | "runner" | "elsewhere", Account>;

beforeAll(async () => {
  const { organizationId, workspaces } = await makeWireWorkspaces([SLUG]);
  const id = workspaces[SLUG] as string;
  const make = (role: Parameters<typeof makeAccount>[3], name: string) => makeAccount(organizationId, id, SLUG, role, name);
  accounts = {
    admin: await make("workspace-admin", "admin"),
    viewer: await make("viewer", "viewer"),
    runner: await make("runner", "runner"),
    elsewhere: await make("contributor", "elsewhere"),
  };
  place = await startRun(accounts.admin.token, SLUG, "one");
  await startRun(accounts.admin.token, SLUG, "two");
  const [second] = await asOwner<{ id: string }>(db.ownerUrl, "select id from project where name = 'second'");
  await asOwner(db.ownerUrl, "update role_grant set scope_kind = 'project', project_ref = $1 where principal_id = $2", [
    second?.id,
    accounts.elsewhere.principalId,
  ]);
});

it.each([
  ["admin", 2],
  ["viewer", 2],
  ["runner", 0],
  ["elsewhere", 0],
] as const)("%s counts %i runs of the project", async (name, total) => {
  const { token } = accounts[name];
  for (const query of [`project=${place.project}`, `project=${place.project}&name=contains:r-`, `project=${place.project}&size=1`]) {
    const answer = await call(token, SLUG, "GET", `/runs?${query}`);
    expect(answer, `${query}: ${answer.text.slice(0, 200)}`).toMatchObject({ status: 200, body: { total } });
  }
});
