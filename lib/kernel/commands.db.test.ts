import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { ROLE_IDS, type RoleId } from "@/lib/authz/permissions";
import { expected } from "@/lib/authz/test-rights";
import type { Actor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { AppError, type ErrorCode } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { ask } from "@/lib/kernel/query";
import { callAs, makePerson, makeTestOrganization, type TestOrganization, type TestPlace } from "@/lib/kernel/test-organization";
import { allDefinitions } from "@/lib/kernel/test-definitions";
import { readDigests, tableDigests } from "@/lib/kernel/test-digests";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { COMMAND_SAMPLES, QUERY_SAMPLES, type Sample } from "@/lib/kernel/test-samples";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";

// Every command and query that is defined anywhere, in the hands of every role, in the own and in a foreign workspace, on own and on
// others' things: allowed → exactly its entries; denied → exactly one `denied` and nothing changed; no audit → no change.

vi.setConfig({ testTimeout: 120_000 }); // each test is nine roles in three places

const db = useTestDatabase();
let organization: TestOrganization;
let maker: Actor;
const shared = new Map<string, TestThings>();
let owner: pg.Client;

const TRAIL = ["audit_entry", "audit_head"];
const all = await allDefinitions();

beforeAll(async () => {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  forgetEnvironment();
  forgetKeys();
  organization = await makeTestOrganization();
  maker = await makePerson(organization.id, "viewer", organization.own.workspace.id);
  owner = new pg.Client({ connectionString: db.ownerUrl, options: "-c search_path=reeve" });
  await owner.connect();
  await owner.query(
    "insert into role_grant (id, organization_id, principal_id, role, scope_kind, workspace_ref, source) select gen_random_uuid(), organization_id, principal_id, role, scope_kind, $2, source from role_grant where principal_id = $1",
    [maker.id, organization.foreign.workspace.id],
  );
});
afterAll(() => owner?.end());

/** The things of an owner in a place; the same ones each time. */
async function thingsOf(place: TestPlace, ownerId: string): Promise<TestThings> {
  const key = `${place.workspace.id} ${ownerId}`;
  const things = shared.get(key) ?? (await makeThings(place, ownerId));
  shared.set(key, things);
  return things;
}

type Case = { role: RoleId; actor: Actor; isForeign: boolean; isMine: boolean; isAllowed: boolean; place: TestPlace };

/** Each role, on others' things in its workspace, on its own things there, and on others' things in a workspace it has no grant in. */
function casesOf(sample: Sample): Case[] {
  const organizationRoles: RoleId[] = ["system-admin", "auditor", "member"];
  return ROLE_IDS.flatMap((role) =>
    [
      { isForeign: false, isMine: false },
      { isForeign: false, isMine: true },
      { isForeign: true, isMine: false },
    ].map(({ isForeign, isMine }) => {
      const reachOf = (one: RoleId) => {
        const isOut = (isForeign || sample.at === "organization") && !organizationRoles.includes(one);
        return isOut ? "none" : expected(one, sample.permission);
      };
      const reaches = [reachOf(role), reachOf("member")];
      const ownCounts = !sample.isOfAll && (isMine || sample.isOwn === true);
      const isAllowed = (reaches.includes("any") && (isMine || !sample.isOwnersOnly)) || (reaches.includes("own") && ownCounts);
      return { role, actor: organization.people[role], isForeign, isMine, isAllowed, place: isForeign ? organization.foreign : organization.own };
    }),
  );
}

/** Lists of workspaces read what they may show of every one: those that were made for one call only would make each of them slow. */
const forgetSpares = ({ spareWorkspaceId, suspendedWorkspaceId }: TestThings) =>
  owner.query("update workspace set state = 'deleted' where id = any($1)", [[spareWorkspaceId, suspendedWorkspaceId]]);

/** Things that are no workspace's: the organization's own. */
const ABOVE = ["ownerId", "teamId", "filledTeamId", "roleName", "integrationId", "integrationName", "deletedIntegrationId"];

/** A call with a session of its own. */
const callOf = (sample: Sample, { actor, place }: Case) =>
  callAs({ ...actor, credential: { ...actor.credential, id: newId() } }, sample.at === "organization" ? null : place.workspace);

async function outcomeOf(work: Promise<unknown>): Promise<{ code: ErrorCode | "done"; result?: unknown }> {
  try {
    return { code: "done", result: await work };
  } catch (error) {
    if (error instanceof AppError) {
      if (error.code === "internal") throw error.cause ?? error;
      return { code: error.code };
    }
    throw error;
  }
}

const describeCase = ({ role, isForeign, isMine }: Case) =>
  `${role} on ${isMine ? "their own" : "somebody else's"} in the ${isForeign ? "foreign" : "own"} workspace`;

it("every command and query has a sample, and every sample its command or query", () => {
  expect(all.command.map((command) => command.name).sort()).toEqual(Object.keys(COMMAND_SAMPLES).sort());
  expect(all.query.map((query) => query.name).sort()).toEqual(Object.keys(QUERY_SAMPLES).sort());
});

describe.each(all.command.map((command) => [command.name, command] as const))("command %s", (name, command) => {
  const sample = COMMAND_SAMPLES[name] as Sample;
  const entries = sample?.entries ?? (command.audit === "entry" ? 1 : 0);

  it("asks for the permission that it should", () => expect(command.permission).toBe(sample.permission));

  it("AZ-1: refuses every role that may not: one `denied` each, nothing changed", async () => {
    const denied = casesOf(sample).filter((one) => !one.isAllowed);
    const inputs = new Map<Case, unknown>();
    for (const one of denied) inputs.set(one, sample.input(await thingsOf(one.place, one.isMine ? one.actor.id : maker.id)));
    const before = await tableDigests(db.ownerUrl, TRAIL);
    for (const one of denied) {
      const seq = await lastSeq(db.ownerUrl);
      const { code } = await outcomeOf(execute(command, callOf(sample, one), inputs.get(one)));
      const what = `${name} as ${describeCase(one)}`;
      expect(["forbidden", "not_found"], what).toContain(code);
      if (one.isForeign) expect(code === "not_found" || ["system-admin", "auditor"].includes(one.role), `${what}: ${code}`).toBe(true);
      const trail = await trailAfter(db.ownerUrl, seq);
      expect(
        trail.map((entry) => [entry.action, entry.outcome]),
        what,
      ).toEqual([[name, "denied"]]);
      expect(trail[0]?.reason, what).toBeTruthy();
    }
    expect(await tableDigests(db.ownerUrl, TRAIL)).toEqual(before);
  });

  it(`AZ-1: lets every role that may: ${entries} ${entries === 1 ? "entry" : "entries"} each`, async () => {
    const allowed = casesOf(sample).filter((one) => one.isAllowed);
    expect(allowed.length).toBeGreaterThan(0);
    for (const one of allowed) {
      const things = await makeThings(one.place, one.isMine ? one.actor.id : maker.id);
      const seq = await lastSeq(db.ownerUrl);
      const { code } = await outcomeOf(execute(command, callOf(sample, one), sample.input(things)));
      const what = `${name} as ${describeCase(one)}`;
      expect(code, what).toBe(sample.fails ?? "done");
      const trail = await trailAfter(db.ownerUrl, seq);
      expect(
        trail.map((entry) => entry.outcome),
        what,
      ).toEqual(sample.fails ? [] : Array(entries).fill("allowed"));
      for (const entry of trail) expect(entry.actor_id, what).toBe(one.actor.id);
      await forgetSpares(things);
    }
  });

  it("changes nothing when the trail can't be written", async () => {
    const one = casesOf(sample).find((each) => each.isAllowed && !each.isForeign) as Case;
    const things = await makeThings(one.place, one.isMine ? one.actor.id : maker.id);
    await owner.query("alter function append_audit(uuid, jsonb) rename to append_audit_away");
    try {
      const before = await tableDigests(db.ownerUrl);
      const { code } = await outcomeOf(execute(command, callOf(sample, one), sample.input(things)));
      const after = await tableDigests(db.ownerUrl);
      if (entries > 0) expect([code, after]).toEqual([sample.fails ?? "unavailable", before]);
      else expect(code).toBe(sample.fails ?? "done"); // its rows are the record
    } finally {
      await owner.query("alter function append_audit_away(uuid, jsonb) rename to append_audit");
    }
  });

  it.runIf(sample?.names)("does not find a thing of another workspace, whoever asks", async () => {
    const foreign = await thingsOf(organization.foreign, maker.id);
    const own = await thingsOf(organization.own, maker.id);
    const input = sample.input({ ...own, ...foreign, projectId: own.projectId });
    const before = await tableDigests(db.ownerUrl, TRAIL);
    for (const role of ROLE_IDS) {
      const { code } = await outcomeOf(execute(command, callAs(organization.people[role], organization.own.workspace), input));
      expect(code, `${name} as ${role}`).toBe("not_found");
    }
    expect(await tableDigests(db.ownerUrl, TRAIL)).toEqual(before);
  });

  it("AZ-4: refuses unknown fields and an ended account", async () => {
    const one = casesOf(sample).find((each) => each.isAllowed && !each.isForeign) as Case;
    const input = sample.input(await thingsOf(one.place, maker.id)) as Record<string, unknown>;
    for (const field of ["role", "workspaceId", "createdBy", "approved", "__proto__x"])
      expect((await outcomeOf(execute(command, callOf(sample, one), { ...input, [field]: "x" }))).code, field).toBe("invalid_input");
    await owner.query("update principal set active = false where id = $1", [one.actor.id]);
    try {
      expect((await outcomeOf(execute(command, callOf(sample, one), input))).code).toBe("unauthenticated");
    } finally {
      await owner.query("update principal set active = true where id = $1", [one.actor.id]);
    }
  });
});

/** Reading that is noted, and the ways out. */
const WORK_WHILE_VIEWING = [
  "artifact-version.data-shown",
  "artifact-version.download-fetched",
  "artifact-version.download-issued",
  "artifact-version.visualization-issued",
  "artifact-version.visualization-shown",
  "audit-entry.exported",
  "role-view.ended",
  "session.ended",
];

it("whoever views as a role changes nothing by any command, whatever they and the role may", async () => {
  const view = { role: "system-admin", rights: null, workspaceId: null, projectId: null, place: null, until: new Date(Date.now() + 60_000).toISOString() };
  const actor = { ...organization.people["system-admin"], view };
  const things = await thingsOf(organization.own, maker.id);
  expect(all.command.flatMap((command) => (command.worksWhileViewing ? [command.name] : [])).sort()).toEqual(WORK_WHILE_VIEWING);
  const before = await tableDigests(db.ownerUrl, TRAIL);
  for (const command of all.command) {
    if (command.worksWhileViewing) continue;
    const sample = COMMAND_SAMPLES[command.name] as Sample;
    const seq = await lastSeq(db.ownerUrl);
    const context = callAs({ ...actor, credential: { ...actor.credential, id: newId() } }, sample.at === "organization" ? null : organization.own.workspace);
    const { code } = await outcomeOf(execute(command, context, sample.input(things)));
    expect(code, command.name).toBe("forbidden");
    expect((await trailAfter(db.ownerUrl, seq)).map((entry) => [entry.action, entry.reason])).toEqual([[command.name, "viewing_as"]]);
  }
  expect(await tableDigests(db.ownerUrl, TRAIL)).toEqual(before);
});

describe.each(all.query.map((query) => [query.name, query] as const))("query %s", (name, query) => {
  const sample = QUERY_SAMPLES[name] as Sample;

  it("asks for the permission that it should", () => expect(query.permission).toBe(sample.permission));

  it("AZ-1, AZ-2: answers who may without an entry, and refuses the others with one `denied`; no foreign row, nothing changed", async () => {
    const cases = casesOf(sample);
    const inputs = new Map<Case, unknown>();
    for (const one of cases) inputs.set(one, sample.input(await thingsOf(one.place, one.isMine ? one.actor.id : maker.id)));
    const hidden = await thingsOf(organization.foreign, maker.id);
    const before = await tableDigests(db.ownerUrl, TRAIL);
    for (const one of cases) {
      const seq = await lastSeq(db.ownerUrl);
      const { code, result } = await outcomeOf(ask(query, callOf(sample, one), inputs.get(one)));
      const trail = (await trailAfter(db.ownerUrl, seq)).map((entry) => [entry.action, entry.outcome]);
      const what = `${name} as ${describeCase(one)}`;
      if (one.isAllowed) expect([code, trail], what).toEqual([sample.fails ?? "done", []]);
      else {
        expect(["forbidden", "not_found"], what).toContain(code);
        expect(trail, what).toEqual([[name, "denied"]]);
      }
      const mayCross = ["system-admin", "auditor"].includes(one.role);
      if (one.isForeign && !mayCross) continue;
      const text = JSON.stringify(result) ?? "";
      if (!one.isForeign && !mayCross)
        for (const id of Object.entries(hidden).flatMap(([key, value]) => (ABOVE.includes(key) ? [] : [value])))
          expect(text.includes(id), `${what} shows ${id}`).toBe(false);
    }
    expect(await tableDigests(db.ownerUrl, TRAIL)).toEqual(before);
  });

  it.runIf(sample?.names)("does not find a thing of another workspace, whoever asks", async () => {
    const foreign = await thingsOf(organization.foreign, maker.id);
    for (const role of ROLE_IDS) {
      const { code } = await outcomeOf(ask(query, callAs(organization.people[role], organization.own.workspace), sample.input(foreign)));
      expect(code, `${name} as ${role}`).toBe("not_found");
    }
  });
});

it("the samples' own accounts were made as the tests think", async () => {
  const rows = await asOwner<{ roles: number }>(db.ownerUrl, "select count(distinct role)::int as roles from role_grant where valid_to is null");
  expect(rows[0]?.roles).toBe(ROLE_IDS.length - 1); // everybody is a member without a row
});

it("the digests by which the tests judged are those of the rows", async () => {
  expect(await tableDigests(db.ownerUrl)).toEqual(await readDigests(db.ownerUrl));
});
