import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { asOwner } from "@/lib/kernel/test-rows";
import { type Account, call, idOf, makeAccount, makeWireWorkspaces, startRun } from "./test-wire";

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
  for (const artifact of ["model", "model", "data"]) {
    const source = { module: "m", attribute: "a", type: "user" };
    const version = {
      project: place.project,
      artifact_name: artifact,
      type: "ModelArtifact",
      uri: `/store/${artifact}`,
      materializer: source,
      data_type: source,
      save_type: "manual",
    };
    idOf(await call(accounts.admin.token, SLUG, "POST", "/artifact_versions", version));
  }
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

it.each([
  ["admin", 2],
  ["viewer", 2],
  ["elsewhere", 0],
] as const)("%s counts %i versions of an artifact, by its name and by its id, filtered or not", async (name, total) => {
  const { token } = accounts[name];
  const [artifact] = await asOwner<{ id: string }>(db.ownerUrl, "select id from artifact where name = 'model'");
  const both = [`artifact=model`, `artifact=${artifact?.id}`, `artifact_id=${artifact?.id}`];
  const queries = both.flatMap((one) => [
    `${one}&project=${place.project}`,
    `${one}&project=${place.project}&type=ModelArtifact`,
    `${one}&project=default`,
    one,
  ]);
  for (const query of queries) {
    const answer = await call(token, SLUG, "GET", `/artifact_versions?${query}&size=1`);
    expect(answer, `${query}: ${answer.text.slice(0, 200)}`).toMatchObject({ status: 200, body: { total } });
    expect((answer.body as { items: unknown[] }).items).toHaveLength(Math.min(total, 1));
  }
  const none = await call(accounts[name].token, SLUG, "GET", `/artifact_versions?project=${place.project}&artifact=nothing`);
  expect(none).toMatchObject({ status: 200, body: { total: 0 } });
});
