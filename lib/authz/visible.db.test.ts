import { beforeAll, describe, expect, it } from "vitest";
import { sql } from "kysely";
import { useTestDatabase } from "@/db/test-database";
import { can, type Grant, type Subject } from "@/lib/authz/can";
import { PERMISSIONS, type Permission, ROLE_IDS, ROLES } from "@/lib/authz/permissions";
import { type Limits, limitsOf } from "@/lib/authz/limits";
import { THING_TYPES } from "@/lib/authz/thing-rule";
import { visibleTo } from "@/lib/authz/visible";
import { newId } from "@/lib/kernel/id";
import { inScope, type Tx } from "@/lib/kernel/transaction";

// The row filter and the decision must be one thing: on generated grants and rows, a row is in the filtered list exactly when `can`
// allows it.

useTestDatabase();

const WORKSPACES = [newId(), newId(), newId()] as const;
const PROJECTS = WORKSPACES.flatMap((workspaceId) => [
  { workspaceId, projectId: newId() },
  { workspaceId, projectId: newId() },
]);
const ME = newId();
const OWNERS = [ME, newId(), null];
const ROWS = PROJECTS.flatMap((place) => OWNERS.map((ownerId) => ({ id: newId(), ...place, ownerId, thingId: newId() })));

let seed = 20_261_122;
/** A repeatable random number below `n` (mulberry32). */
function below(n: number): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4_294_967_296) * n);
}
const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;

/** A direct share of the thing of some row, by a role that may or may not give something on it. */
function randomShare(): Grant {
  const row = pick(ROWS);
  const rights = Object.fromEntries(Array.from({ length: 12 }, () => [pick([...READS, ...PERMISSIONS]), pick(["any", "own"] as const)]));
  return {
    ...randomGrant(),
    ...(below(2) === 0 ? { role: "own-role", rights } : { role: pick(ROLE_IDS), rights: undefined }),
    effect: "allow",
    scopeKind: below(2) === 0 ? "workspace" : "project",
    workspaceId: row.workspaceId,
    projectId: below(2) === 0 ? null : row.projectId,
    thing: { type: pick(THING_TYPES), id: row.thingId },
  };
}

function randomGrant(): Grant {
  const role = pick(ROLE_IDS);
  const scopeKind = pick(ROLES[role].scope as readonly Grant["scopeKind"][]);
  const place = pick(PROJECTS);
  // Every third grant is one of a role of the organization's own, whose rights come with it.
  const rights = Object.fromEntries(Array.from({ length: 12 }, () => [pick([...READS, ...PERMISSIONS]), pick(["any", "own"] as const)]));
  return {
    id: newId(),
    ...(below(3) === 0 ? { role: "own-role", rights } : { role }),
    effect: below(5) === 0 ? "deny" : "allow",
    scopeKind,
    workspaceId: scopeKind === "organization" ? null : place.workspaceId,
    projectId: scopeKind === "project" ? place.projectId : null,
    source: "person",
    since: "2026-01-01T00:00:00.000000Z",
    until: null,
  };
}

type CredentialShape = "whole" | "workload" | "limited" | "limited workload";

function randomSubject(shape: CredentialShape): Subject {
  const grants = Array.from({ length: below(6) }, () => (below(3) === 0 ? randomShare() : randomGrant()));
  const workload = shape.endsWith("workload") ? { runId: newId(), ...pick(PROJECTS) } : undefined;
  return { id: ME, grants, workload, limits: shape.startsWith("limited") ? randomLimits() : undefined };
}

function randomLimits(): Limits | undefined {
  const place = pick(PROJECTS);
  return limitsOf({
    scopes: below(3) === 0 ? null : [pick(PERMISSIONS), pick(READS), pick(READS)],
    workspaceId: below(2) === 0 ? null : place.workspaceId,
    projectId: below(3) === 0 ? place.projectId : null,
  });
}

async function filtered(tx: Tx, subject: Subject, permission: Permission, hasProjects: boolean): Promise<string[]> {
  const columns = {
    workspaceId: "row.workspace_id",
    ...(hasProjects ? { projectId: "row.project_id" } : {}),
    ownerId: "row.owner_id",
    thingId: "row.thing_id",
  };
  const { rows } = await sql<{ id: string }>`
    select row.id from jsonb_to_recordset(${JSON.stringify(ROWS.map((row) => ({ id: row.id, workspace_id: row.workspaceId, project_id: row.projectId, owner_id: row.ownerId, thing_id: row.thingId })))}::jsonb)
      as row(id uuid, workspace_id uuid, project_id uuid, owner_id uuid, thing_id uuid)
    where ${visibleTo(subject, permission, columns)}`.execute(tx);
  return rows.map((row) => row.id).sort();
}

const decided = (subject: Subject, permission: Permission, hasProjects: boolean) =>
  ROWS.filter(
    (row) =>
      can(subject, permission, {
        workspaceId: row.workspaceId,
        projectId: hasProjects ? row.projectId : null,
        ownerId: row.ownerId,
        ...(below(2) === 0 ? { partOf: row.thingId } : { thing: { type: "thing", id: row.thingId, name: null } }),
      }).allowed,
  )
    .map((row) => row.id)
    .sort();

describe.each([
  ["rows of projects, people and service accounts", true, "whole"],
  ["rows of workspaces, people and service accounts", false, "whole"],
  ["rows of projects, workload tokens", true, "workload"],
  ["rows of workspaces, workload tokens", false, "workload"],
  ["rows of projects, keys and tokens with scopes", true, "limited"],
  ["rows of workspaces, keys and tokens with scopes", false, "limited"],
  ["rows of projects, workload tokens of keys with scopes", true, "limited workload"],
] as const)("%s", (_what, hasProjects, shape) => {
  const cases = Array.from({ length: 250 }, () => ({ subject: randomSubject(shape), permissions: [pick(PERMISSIONS), pick(PERMISSIONS), pick(READS)] }));

  it("are visible exactly when `can` allows them", async () => {
    let shown = 0;
    await inScope([], async (tx) => {
      for (const { subject, permissions } of cases)
        for (const permission of permissions) {
          const rows = await filtered(tx, subject, permission, hasProjects);
          expect(rows, `${permission} for ${JSON.stringify(subject)}`).toEqual(decided(subject, permission, hasProjects));
          shown += rows.length;
        }
    });
    expect(shown).toBeGreaterThan(shape === "limited workload" ? 10 : 100); // the generator makes subjects that see something
  });
});

const READS = PERMISSIONS.filter((permission) => /^(run|artifact|model|stack|pipeline|tag|audit-entry):read$/.test(permission));

beforeAll(() => {
  expect(READS).toHaveLength(7);
});
