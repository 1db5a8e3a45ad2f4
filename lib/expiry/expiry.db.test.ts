import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { forgetEnvironment } from "@/lib/kernel/env";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { makeThings } from "@/lib/kernel/test-things";
import { openMail } from "@/lib/mail/mail";
import { getHome } from "@/lib/organizations/get-home";
import { alarmExpiring } from "./alarm-expiring";

// Keys and values that end within two weeks: who is told, where, and how often.

process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
const db = useTestDatabase();
const rows = <T extends Record<string, unknown>>(text: string, values: unknown[] = []) => asOwner<T>(db.ownerUrl, text, values);
let acme: TestOrganization;
let things: Awaited<ReturnType<typeof makeThings>>;

beforeAll(async () => {
  process.env.REEVE_SMTP_URL = "smtp://127.0.0.1:2525";
  process.env.REEVE_MAIL_FROM = "Acme <reeve@example.com>";
  forgetEnvironment();
  acme = await makeTestOrganization();
  things = await makeThings(acme.own, acme.people.contributor.id);
});

const endsIn = (table: string, id: string, days: number) => rows(`update ${table} set expires_at = now() + $2 * interval '1 day' where id = $1`, [id, days]);
const mails = async () =>
  (await rows<{ payload: Record<string, unknown> }>("select payload from outbox where topic = 'mail'")).map(({ payload }) => openMail(payload));
const home = async (role: "contributor" | "viewer" | "workspace-admin" | "system-admin") =>
  (await ask(getHome, callAs(acme.people[role]), {})).expiring.map(({ kind, id, workspace }) => [kind, id, workspace]);

it("is told once for each end: in the trail, by mail to owner and administrators, and on the home page of who may change it", async () => {
  expect(await alarmExpiring()).toBe(0);
  await endsIn("connector", things.connectorId, 15);
  await endsIn("secret", things.secretId, 3);
  await endsIn("secret", things.connectorKeysId, 3);
  expect(await alarmExpiring(), "not a connector's own secret, and nothing that ends later").toBe(1);
  expect(await alarmExpiring()).toBe(0);
  await endsIn("connector", things.connectorId, 13);
  expect((await Promise.all([alarmExpiring(), alarmExpiring()])).reduce((sum, one) => sum + one)).toBe(1);
  const sent = await mails();
  const told = [acme.people.contributor.email, acme.people["workspace-admin"].email].sort();
  for (const path of [`/secrets/${things.secretId}`, `/connectors/${things.connectorId}`])
    expect(
      sent
        .filter(({ text }) => text.includes(path))
        .map(({ to }) => to)
        .sort(),
    ).toEqual(told);
  expect(sent).toHaveLength(4);
  const trail = await rows<{ action: string }>("select action from audit_entry where action like '%.expires-soon' order by seq");
  expect(trail.map((entry) => entry.action)).toEqual(["secret.expires-soon", "connector.expires-soon"]);
  const both = [
    ["secret", things.secretId, acme.own.workspace.slug],
    ["connector", things.connectorId, acme.own.workspace.slug],
  ];
  expect(await home("contributor")).toEqual(both);
  expect(await home("workspace-admin")).toEqual(both);
  expect(await home("viewer")).toEqual([]);
  await endsIn("connector", things.connectorId, 60);
  expect(await home("contributor")).toEqual(both.slice(0, 1));
  await rows("update connector set expiry_told_at = now() - interval '60 days', expires_at = now() - interval '1 day' where id = $1", [things.connectorId]);
  expect(await alarmExpiring(), "also what has ended unseen").toBe(1);
});

it("a private secret is told to its owner alone", async () => {
  const other = await makeThings(acme.own, acme.people.contributor.id);
  await rows("update secret set private_to = $2 where id = $1", [other.secretId, acme.people.contributor.id]);
  await endsIn("secret", other.secretId, 3);
  await alarmExpiring();
  expect((await mails()).filter(({ text }) => text.includes(other.secretId)).map(({ to }) => to)).toEqual([acme.people.contributor.email]);
  expect((await home("workspace-admin")).map(([, id]) => id)).not.toContain(other.secretId);
});

it("an owner who has left the workspace hears nothing of it any more", async () => {
  const leaver = await makePerson(acme.id, "contributor", acme.own.workspace.id);
  const theirs = await makeThings(acme.own, leaver.id);
  await rows("update role_grant set valid_to = now() where principal_id = $1", [leaver.id]);
  await endsIn("secret", theirs.secretId, 3);
  await alarmExpiring();
  const told = (await mails()).filter(({ text }) => text.includes(theirs.secretId)).map(({ to }) => to);
  expect(told).toEqual([acme.people["workspace-admin"].email]);
});

it("one of the organization is told to System Admins, in the organization's trail, and to nobody for each workspace that has it", async () => {
  const { integrationId, placementId } = await makeThings(acme.own, acme.people.contributor.id);
  await endsIn("organization_secret", integrationId, 3);
  await endsIn("secret", placementId, 3);
  const [other, boss, foreign] = [newId(), newId(), newId()];
  await rows("insert into organization (id, name) values ($1, 'Other')", [other]);
  await rows("insert into principal (id, organization_id, kind, name, email) values ($1, $2, 'user', 'boss', 'boss@other.example')", [boss, other]);
  await rows(
    "insert into role_grant (id, organization_id, principal_id, role, effect, scope_kind, source) values ($1, $2, $3, 'system-admin', 'allow', 'organization', 'setup')",
    [newId(), other, boss],
  );
  await rows("insert into organization_secret (id, organization_id, name, key_names, expires_at) values ($1, $2, 'theirs', '{}', now() + interval '1 day')", [
    foreign,
    other,
  ]);
  expect(await alarmExpiring(), "with the other organization's").toBe(2);
  expect(await alarmExpiring()).toBe(0);
  const told = (await mails()).filter(({ text }) => text.includes(`/settings/integrations/${integrationId}`));
  expect(told.map(({ to }) => to)).toEqual([acme.people["system-admin"].email]);
  const trail = await rows("select action, workspace_id, target_id from audit_entry where target_id = any($1)", [[integrationId, placementId]]);
  expect(trail).toEqual([{ action: "integration.expires-soon", workspace_id: null, target_id: integrationId }]);
  expect(await home("system-admin")).toContainEqual(["integration", integrationId, null]);
  expect(
    (await home("system-admin")).map(([, id]) => id),
    "another organization's is nobody's here",
  ).not.toContain(foreign);
  expect((await home("workspace-admin")).map(([, id]) => id)).not.toContain(placementId);
});
