import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { operatorActor } from "@/lib/identity/actor";
import { signIn } from "@/lib/identity/sign-in";
import { actorOfToken } from "@/lib/identity/session";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { testRequest } from "@/lib/kernel/test-organization";
import { tableDigests } from "@/lib/kernel/test-digests";
import { asOwner, trailAfter } from "@/lib/kernel/test-rows";
import { getSetUpFacts } from "@/lib/organizations/get-set-up-facts";
import { setUpOrganization } from "@/lib/organizations/set-up";
import { newSetupLink } from "@/lib/setup/setup-link";

const db = useTestDatabase();
const GOOD = { organization: "Acme", timeZone: "Europe/Amsterdam", name: "Lena Aalto", email: "Lena@Acme.example", password: "four words of some length" };

const setUp = (input: Record<string, unknown>) => execute(setUpOrganization, { actor: operatorActor(newId()), request: testRequest(), workspace: null }, input);
const newSecret = async () => (await newSetupLink())?.split("#")[1] ?? "";

beforeAll(() => forgetEnvironment());

it("refuses a wrong, an expired and a missing secret, and what is filled in wrongly: nothing is made", async () => {
  const before = await tableDigests(db.ownerUrl, ["setup_secret"]);
  const secret = await newSecret();
  await expect(setUp({ ...GOOD, secret: `${secret}x` })).rejects.toMatchObject({ code: "not_found" });
  await asOwner(db.ownerUrl, "update setup_secret set expires_at = now() - interval '1 second'");
  await expect(setUp({ ...GOOD, secret })).rejects.toMatchObject({ code: "not_found" });
  const fresh = await newSecret();
  await expect(setUp({ ...GOOD, secret })).rejects.toMatchObject({ code: "not_found" });
  for (const [field, value, sentence] of [
    ["organization", "  ", "The organization's name is missing."],
    ["organization", "x".repeat(101), "The organization's name may have at most 100 characters."],
    ["timeZone", "Mars/Olympus", "The time zone is not known here. Use a name such as Europe/Amsterdam."],
    ["name", "a\u0000b", "Your name holds a control character."],
    ["email", "lena", "An e-mail address has a name, an @ and a domain, such as lena@example.com."],
    ["password", "short", "The password needs at least 12 characters."],
    ["password", "lenaaalto2026", "The password is little more than your name, your e-mail address or the organization's name."],
  ] as const)
    await expect(setUp({ ...GOOD, secret: fresh, [field]: value })).rejects.toMatchObject({ code: "invalid_input", fields: { [field]: sentence } });
  await expect(setUp({ ...GOOD, secret: fresh, role: "auditor" })).rejects.toMatchObject({ code: "invalid_input" });
  expect(await tableDigests(db.ownerUrl, ["setup_secret"])).toEqual(before);
  expect(await getSetUpFacts()).toBeUndefined();
});

it("makes nothing when the trail can't be written, and the secret still holds", async () => {
  const secret = await newSecret();
  await asOwner(db.ownerUrl, "alter function append_audit(uuid, jsonb) rename to append_audit_away");
  const before = await tableDigests(db.ownerUrl);
  await expect(setUp({ ...GOOD, secret })).rejects.toMatchObject({ code: "unavailable" });
  expect(await tableDigests(db.ownerUrl)).toEqual(before);
  await asOwner(db.ownerUrl, "alter function append_audit_away(uuid, jsonb) rename to append_audit");
});

it("makes the organization once, however many try at once; the trail begins with it and holds no secret", async () => {
  const secret = await newSecret();
  const results = await Promise.allSettled(Array.from({ length: 5 }, (_, index) => setUp({ ...GOOD, organization: `Acme ${index}`, secret })));
  expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
  expect(results.filter((result) => result.status === "rejected").map((result) => (result.reason as { code: string }).code)).toEqual(Array(4).fill("conflict"));
  const trail = await trailAfter(db.ownerUrl, 0);
  expect(trail.map((entry) => [entry.seq, entry.action, entry.outcome, entry.actor_name])).toEqual([
    ["1", "organization.created", "allowed", "Operator"],
    ["2", "user.created", "allowed", "Operator"],
    ["3", "grant.created", "allowed", "Operator"],
  ]);
  const rows = await asOwner<{ text: string }>(db.ownerUrl, "select a::text as text from audit_entry a");
  expect(JSON.stringify(rows)).not.toContain(GOOD.password);
  expect(JSON.stringify(rows)).not.toContain(secret);
  expect(await getSetUpFacts()).toMatchObject({ doneBy: "Operator", seq: 1 });
  expect(await newSetupLink()).toBeUndefined();
});

it("the first System Admin signs in, in whatever case the address is typed", async () => {
  const result = await signIn({ email: "lena@ACME.example", password: GOOD.password }, { request: testRequest() });
  if (result.status !== "signed_in") throw new Error(result.status);
  const actor = await actorOfToken(result.token);
  expect(actor).toMatchObject({ fullName: "Lena Aalto", email: "Lena@Acme.example" });
  expect(actor?.grants.map((grant) => grant.role).sort()).toEqual(["member", "system-admin"]);
});
