import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import type { Actor } from "@/lib/identity/actor";
import { formatPersonalToken, hashPersonalToken, mintPersonalSecret } from "@/lib/identity/personal-token";
import { newId } from "@/lib/kernel/id";
import { makePerson } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { call, makeWireWorkspaces, passwordLogin } from "./test-wire";

// What `user` commands change of others: all or nothing, and no account is handed to a credential with limits.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const SLUG = "fraud-detection";
const PASSWORD = "correct horse battery 1";
let organizationId: string;
let place: string;
let root: Actor;
let rootToken: string;

beforeAll(async () => {
  const made = await makeWireWorkspaces([SLUG]);
  organizationId = made.organizationId;
  place = made.workspaces[SLUG] as string;
  root = await makePerson(organizationId, "system-admin", place, { email: "root@acme.example", password: PASSWORD });
  rootToken = ((await passwordLogin("root@acme.example", PASSWORD, SLUG)).body as { access_token: string }).access_token;
});

/** The root's personal token with these scopes alone. */
async function limited(scopes: string[]): Promise<string> {
  const [id, secret] = [newId(), mintPersonalSecret()];
  const expires_at = new Date(Date.now() + 3_600_000).toISOString();
  await inScope([], (tx) =>
    tx
      .insertInto("personal_token")
      .values({ id, organization_id: organizationId, principal_id: root.id, name: id, secret_hmac: hashPersonalToken(secret), scopes, expires_at })
      .execute(),
  );
  return formatPersonalToken(id, secret);
}

const linksOf = (id: string) => asOwner(db.ownerUrl, "select purpose from one_use_link where principal_id = $1", [id]);
const deactivate = (token: string, id: string) => call(token, SLUG, "PUT", `/users/${id}/deactivate`, {});

it.each([[["user:deactivate"]], [["user:deactivate", "user:update"]]])(
  "a token for %j deactivates another System Admin and gets no way into their account",
  async (scopes) => {
    const victim = await makePerson(organizationId, "system-admin", place);
    const answer = await deactivate(await limited(scopes), victim.id);
    expect(answer).toMatchObject({ status: 200, body: { body: { active: false, activation_token: null } } });
    expect(await linksOf(victim.id)).toEqual([]);
    expect(await asOwner(db.ownerUrl, "select active from principal where id = $1", [victim.id])).toEqual([{ active: false }]);
  },
);

it("whoever acts without limits gets the token, once the account has ended", async () => {
  const leaver = await makePerson(organizationId, "contributor", place);
  expect(await deactivate(rootToken, leaver.id)).toMatchObject({ status: 200, body: { body: { active: false, activation_token: expect.any(String) } } });
  expect(await linksOf(leaver.id)).toEqual([{ purpose: "activation" }]);
});

it.each([
  ["another's name", { full_name: "Somebody Else" }],
  ["another's password", { password: "seven grey herons wade", old_password: "x" }],
  ["another's default project", { default_project_id: newId() }],
])("a body with %s changes nothing, whatever else it says", async (_what, refused) => {
  const person = await makePerson(organizationId, "contributor", place);
  const seq = await lastSeq(db.ownerUrl);
  expect((await call(rootToken, SLUG, "PUT", `/users/${person.id}`, { is_admin: true, active: false, ...refused })).status).toBe(403);
  expect((await trailAfter(db.ownerUrl, seq)).filter((entry) => entry.outcome === "allowed")).toEqual([]);
  expect((await call(rootToken, SLUG, "GET", `/users/${person.id}`)).body).toMatchObject({ body: { is_admin: false, active: true } });
});

it.each([
  ["without the old password", {}],
  ["with a wrong one", { old_password: "wrong" }],
])("a new password %s refuses the rest of the body too", async (_how, more) => {
  const chief = await makePerson(organizationId, "system-admin", place, { email: `${newId()}@acme.example`, password: PASSWORD });
  const { access_token: token } = (await passwordLogin(chief.email ?? "", PASSWORD, SLUG)).body as { access_token: string };
  const seq = await lastSeq(db.ownerUrl);
  const body = { is_admin: true, full_name: "Chief", password: "seven grey herons wade", ...more };
  expect((await call(token, SLUG, "PUT", `/users/${chief.id}`, body)).status).toBe(403);
  expect((await trailAfter(db.ownerUrl, seq)).filter((entry) => entry.outcome === "allowed")).toEqual([]);
});
