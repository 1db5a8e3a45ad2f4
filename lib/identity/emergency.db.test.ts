import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { execute } from "@/lib/kernel/command";
import { systemContext } from "@/lib/kernel/request";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { type Actor, operatorActor } from "./actor";
import { createEmergencyLink, endEmergencySession, redeemEmergencyLink } from "./emergency";
import { actorOfToken } from "./session";

// Emergency sign-in, from the host's command to the end of the hour.

const db = useTestDatabase();
let acme: TestOrganization;
let root: Actor;

beforeAll(async () => {
  acme = await makeTestOrganization();
  root = await makePerson(acme.id, "system-admin", acme.own.workspace.id, { email: "root@example.com" });
});

const linkFor = (person: string) => execute(createEmergencyLink, { actor: operatorActor(acme.id), request: systemContext("cli"), workspace: null }, { person });
const secretOf = async (person = "ROOT@example.com") => (await linkFor(person)).link.split("#")[1] as string;
const redeem = (secret: string) => redeemEmergencyLink(secret, systemContext("ui"));

it("lets a System Admin in, once, for an hour that use does not prolong, and each step is in the trail", async () => {
  const seq = await lastSeq(db.ownerUrl);
  const { link, expiresAt } = await linkFor("root@example.com");
  expect(link).toMatch(/^http:\/\/[^/]+\/sign-in\/emergency#[\w-]{43}$/);
  expect((Date.parse(expiresAt) - Date.now()) / 60_000).toBeCloseTo(15, 0);
  const secret = link.split("#")[1] as string;
  const [row] = await asOwner<{ token_sha256: Buffer }>(db.ownerUrl, "select token_sha256 from one_use_link");
  expect(row?.token_sha256.toString("base64url")).not.toContain(secret);

  const tries = await Promise.allSettled([redeem(secret), redeem(secret), redeem(secret)]);
  const done = tries.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  expect(done).toHaveLength(1);
  expect((Date.parse(done[0]?.expiresAt ?? "") - Date.now()) / 60_000).toBeCloseTo(60, 0);
  expect((await actorOfToken(done[0]?.token ?? ""))?.id).toBe(root.id);
  await expect(redeem(secret)).rejects.toMatchObject({ code: "not_found" });

  // The refused use is noted beside its answer.
  await expect.poll(async () => (await trailAfter(db.ownerUrl, seq)).length).toBe(3);
  const trail = await trailAfter(db.ownerUrl, seq);
  expect(trail.map((entry) => [entry.action, entry.actor_name])).toEqual([
    ["emergency-link.created", "Operator"],
    ["emergency-session.started", root.fullName],
    ["credential.refused", "unknown"],
  ]);
  expect(JSON.stringify(trail)).not.toContain(secret);

  await asOwner(db.ownerUrl, "update session set expires_at = now() - interval '1 second' where kind = 'emergency'");
  expect(await actorOfToken(done[0]?.token ?? "")).toBeUndefined();
});

it("is for active System Admins alone, and tells the operator who they are", async () => {
  const admin = await makePerson(acme.id, "workspace-admin", acme.own.workspace.id, { email: "wa@example.com" });
  await expect(linkFor(admin.email ?? "")).rejects.toMatchObject({ code: "forbidden", fix: expect.stringContaining("root@example.com") });
  await expect(linkFor("nobody@example.com")).rejects.toMatchObject({ code: "not_found" });
  const secret = await secretOf();
  await asOwner(db.ownerUrl, "update role_grant set valid_to = now() where principal_id = $1", [root.id]);
  await expect(redeem(secret)).rejects.toMatchObject({ code: "not_found" });
  await expect(linkFor("root@example.com")).rejects.toMatchObject({ code: "forbidden" });
  await asOwner(db.ownerUrl, "update role_grant set valid_to = null where principal_id = $1", [root.id]);
  await asOwner(db.ownerUrl, "update principal set active = false where id = $1", [root.id]);
  await expect(redeem(secret)).rejects.toMatchObject({ code: "not_found" });
  await asOwner(db.ownerUrl, "update principal set active = true where id = $1", [root.id]);
  await redeem(secret); // what was refused used nothing up
});

it("has one link at a time, and none after 15 minutes", async () => {
  const first = await secretOf();
  const second = await secretOf();
  await expect(redeem(first)).rejects.toMatchObject({ code: "not_found" });
  await asOwner(db.ownerUrl, "update one_use_link set expires_at = now() - interval '1 second' where used_at is null");
  await expect(redeem(second)).rejects.toMatchObject({ code: "not_found" });
  await expect(redeem("#'; drop table session")).rejects.toMatchObject({ code: "not_found" });
});

it("is ended by any System Admin, by nobody else, and on the next request", async () => {
  const { token } = await redeem(await secretOf());
  const [session] = await asOwner<{ id: string }>(
    db.ownerUrl,
    "select id from session where kind = 'emergency' and expires_at > now() order by created_at desc limit 1",
  );
  await expect(execute(endEmergencySession, callAs(acme.people["workspace-admin"], null), { id: session?.id })).rejects.toMatchObject({ code: "not_found" });
  expect(await actorOfToken(token)).toBeDefined();
  await execute(endEmergencySession, callAs(acme.people["system-admin"], null), { id: session?.id });
  expect(await actorOfToken(token)).toBeUndefined();
});
