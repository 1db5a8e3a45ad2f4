import { beforeAll, describe, expect, it, vi } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { endGrant } from "@/lib/access/end-grant";
import { listReach } from "@/lib/access/reach";
import { rightsOf } from "@/lib/authz/permissions";
import { type Actor, loadActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { newId } from "@/lib/kernel/id";
import { ask } from "@/lib/kernel/query";
import { tries } from "@/lib/kernel/soak";
import { callAs, makePerson, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { makeThings, type TestThings } from "@/lib/kernel/test-things";
import { inScope } from "@/lib/kernel/transaction";
import { createRole, updateRole } from "@/lib/roles/change-role";
import { getStackPage } from "@/lib/stacks/get-stack-page";
import { createTag } from "@/lib/tags/change-tag";
import { addTeamMember } from "@/lib/teams/change-members";
import { createTeam } from "@/lib/teams/change-team";
import { grantRole } from "@/lib/access/grant-role";

// ATTACKS §8 where no test of one slice is the place: foreign ids by the thousand, a right that ends while it is used, rights that come by way of others.

vi.setConfig({ testTimeout: 300_000 });

const db = useTestDatabase();
let acme: TestOrganization;
let foreign: TestThings;
let reader: Actor;

beforeAll(async () => {
  acme = await makeTestOrganization();
  reader = await makePerson(acme.id, "viewer", acme.own.workspace.id);
  foreign = await makeThings(acme.foreign, reader.id);
});

const outcomeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => "done",
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

it(`AZ-3: ${tries(10_000)} foreign and made-up ids: none leaks, and the two take the same time`, async () => {
  const times = { foreign: [] as number[], none: [] as number[] };
  const texts = { foreign: new Set<string>(), none: new Set<string>() };
  const context = callAs(reader, acme.own.workspace);
  for (let n = 0; n < Math.max(200, tries(10_000)); n++) {
    const which = n % 2 ? "foreign" : "none";
    const id = which === "foreign" ? foreign.stackId : newId();
    const began = performance.now();
    const error = await ask(getStackPage, context, { id }).then(
      () => null,
      (one: AppError) => one,
    );
    times[which].push(performance.now() - began);
    expect(error?.code).toBe("not_found");
    texts[which].add(String(error?.message).replaceAll(id, "<id>"));
  }
  expect([...texts.foreign]).toEqual([...texts.none]);
  expect(Math.abs(median(times.foreign) - median(times.none))).toBeLessThan(5);
});

describe("AZ-5: a role that ends while it is used", () => {
  it("allows what came before and refuses what came after, never something between; the trail says which", async () => {
    for (let round = 0; round < 8; round++) {
      const person = await makePerson(acme.id, "contributor", acme.own.workspace.id);
      const [grant] = await asOwner<{ id: string }>(db.ownerUrl, "select id from role_grant where principal_id = $1 and workspace_ref = $2", [
        person.id,
        acme.own.workspace.id,
      ]);
      const seq = await lastSeq(db.ownerUrl);
      const names = Array.from({ length: 4 }, () => `t-${newId()}`);
      const context = callAs(person, acme.own.workspace);
      const [, ...outcomes] = await Promise.all([
        execute(endGrant, callAs(acme.people["workspace-admin"], acme.own.workspace), { grantId: grant?.id }),
        ...names.map((name) => outcomeOf(execute(createTag, context, { name, color: "grey" }))),
      ]);
      const made = await asOwner<{ name: string }>(db.ownerUrl, "select name from tag where name = any($1)", [names]);
      const entries = await trailAfter(db.ownerUrl, seq);
      const ended = entries.findIndex((entry) => entry.action === "grant.ended");
      names.forEach((name, at) => {
        expect(["done", "forbidden", "not_found"]).toContain(outcomes[at]);
        expect(made.some((tag) => tag.name === name)).toBe(outcomes[at] === "done");
      });
      const allowed = entries.flatMap((entry, at) => (entry.action === "tag.created" && entry.outcome === "allowed" ? [at] : []));
      expect(allowed).toHaveLength(made.length);
      expect(entries.filter((entry) => entry.outcome === "denied")).toHaveLength(names.length - made.length);
      expect(ended).toBeGreaterThanOrEqual(0);
      // What is asked after the end was answered is refused, whatever happened before.
      expect(await outcomeOf(execute(createTag, context, { name: `t-${newId()}`, color: "grey" }))).not.toBe("done");
    }
  });
});

it("AZ-8: reading secrets' values that comes by an own role, held by a team, is shown with its path", async () => {
  const root = callAs(acme.people["system-admin"]);
  const name = `reads-${newId().slice(-8)}`;
  await execute(createRole, root, { name, base: "stack-admin" });
  await execute(updateRole, root, { name, revision: 1, rights: { ...rightsOf("stack-admin"), "secret:read": "any", "secret:read-value": "any" } });
  const team = await execute(createTeam, root, { name: `Vault ${newId().slice(-6)}` });
  await execute(grantRole, callAs(acme.people["system-admin"], acme.own.workspace), { teamId: team.id, role: name, scope: "workspace" });
  const person = await makePerson(acme.id, "member", acme.own.workspace.id);
  await execute(addTeamMember, root, { teamId: team.id, principalId: person.id });
  const fresh = (await inScope([], (tx) => loadActor(tx, person.id, person.credential))) as Actor;
  expect(fresh.grants.some((grant) => grant.role === name && grant.rights?.["secret:read-value"])).toBe(true);
  const reach = await ask(listReach, callAs(acme.people["workspace-admin"], acme.own.workspace), { permission: "secret:read-value" });
  expect(reach.paths.find((path) => path.principalId === person.id)).toMatchObject({ role: name, source: "team", through: expect.stringMatching(/^Vault /) });
});
