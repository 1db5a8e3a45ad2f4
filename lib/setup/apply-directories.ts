import "server-only";
/*
 * Directories of a set-up file, and what their groups give. Invariant: a directory's token is made once and written once
 * (0600), as a service account's key is; a rule that a person ended stays ended, unless the operator asks to restore it.
 */
import fs from "node:fs";
import path from "node:path";
import { sql } from "kysely";
import { isDirectoryToken, keepDirectoryToken, newDirectoryToken, ownerOfToken } from "@/lib/directories/token";
import { applyRules } from "@/lib/group-rules/apply-rules";
import { operatorActor } from "@/lib/identity/actor";
import { newId } from "@/lib/kernel/id";
import type { Application } from "@/lib/setup/application";
import { placeOf } from "@/lib/setup/places";
import { readLeft, writeSecret } from "@/lib/setup/secret-file";
import type { SetupDirectory, SetupGroupRule } from "@/lib/setup/setup-file";

type Directory = { id: string; name: string; label: string };

/** Makes or adjusts one directory and its token. Errors: conflict when the token can't be written. */
export async function applyDirectory(application: Application, wanted: SetupDirectory, folder: string): Promise<void> {
  const { tx, organizationId } = application;
  const label = `directory ${wanted.name}`;
  const existing = await tx
    .selectFrom("directory")
    .select(["id", "name", "provider", "hold_percent"])
    .where("organization_id", "=", organizationId)
    .where("slug", "=", wanted.name)
    .executeTakeFirst();
  const id = existing?.id ?? newId();
  const after = {
    name: wanted.displayName ?? existing?.name ?? wanted.name,
    provider: wanted.provider ?? existing?.provider ?? "other",
    hold_percent: wanted.holdPercent ?? existing?.hold_percent ?? 20,
  };
  const facts = (of: typeof after) => ({ name: of.name, provider: of.provider, holdPercent: of.hold_percent });
  const target = { type: "directory", id, name: after.name };
  if (!existing) {
    await tx
      .insertInto("directory")
      .values({ id, organization_id: organizationId, slug: wanted.name, ...after })
      .execute();
    application.changed(`create ${label}`, "directory.created", { target, after: { slug: wanted.name, ...facts(after) } });
  } else if (existing.name !== after.name || existing.provider !== after.provider || existing.hold_percent !== after.hold_percent) {
    await tx
      .updateTable("directory")
      .set({ ...after, updated_at: sql<string>`clock_timestamp()` })
      .where("id", "=", id)
      .execute();
    application.changed(`update ${label}`, "directory.updated", { target, before: facts(existing), after: facts(after) });
  }
  await applyToken(application, { id, name: after.name, label }, path.resolve(folder, wanted.tokenFile));
}

async function applyToken(application: Application, directory: Directory, file: string): Promise<void> {
  const { tx } = application;
  const held = await tx.selectFrom("directory_token").select("id").where("directory_id", "=", directory.id).limit(1).executeTakeFirst();
  if (held) {
    if (!fs.existsSync(file))
      application.note(`the token of ${directory.label} exists, but ${file} is missing; it is not made anew: rotate it in Reeve if it is lost`);
    else if ((await ownerOfToken(tx, fs.readFileSync(file, "utf8").trim())) !== directory.id)
      application.note(`${file} holds something else than a token of ${directory.label}`);
    return;
  }
  const text = readLeft(file);
  const left = text && isDirectoryToken(text) && !(await ownerOfToken(tx, text)) ? text : undefined;
  const token = left ?? newDirectoryToken();
  await keepDirectoryToken(tx, directory.id, token, null);
  application.changed(
    left ? `take the token of ${directory.label} from ${file}` : `create the token of ${directory.label} in ${file}`,
    "directory-token.rotated",
    { target: { type: "directory", id: directory.id, name: directory.name }, after: { token: `…${token.slice(-4)}` } },
  );
  if (!left) writeSecret(application, file, token, `The token of ${directory.label}`);
}

/** Makes a rule that isn't there, with what it gives at once; for a group that the directory hasn't sent yet one that waits for it. */
export async function applyGroupRule(application: Application, wanted: SetupGroupRule): Promise<void> {
  const { tx, organizationId } = application;
  const what = `group ${wanted.group} of ${wanted.directory} → ${wanted.team ? `team ${wanted.team}` : wanted.role}`;
  const groups = await tx
    .selectFrom("directory_group as g")
    .innerJoin("directory as d", "d.id", "g.directory_id")
    .select("g.id")
    .where("d.organization_id", "=", organizationId)
    .where("d.slug", "=", wanted.directory)
    .where(sql<boolean>`lower(g.display_name) = lower(${wanted.group})`)
    .where("g.deleted_at", "is", null)
    .execute();
  const [group] = groups;
  if (groups.length > 1) return application.note(`${what}: there are ${groups.length} groups of this name: make the rule in Reeve`);
  const team = wanted.team
    ? await tx
        .selectFrom("team")
        .select("id")
        .where("organization_id", "=", organizationId)
        .where(sql<boolean>`lower(name) = lower(${wanted.team})`)
        .where("ended_at", "is", null)
        .executeTakeFirst()
    : null;
  if (wanted.team && !team) return application.note(`${what}: there is no such team`);
  const place = placeOf(application, what, wanted);
  if (!place) return;
  const gift = { role: wanted.role ?? null, team_id: team?.id ?? null, scope_kind: place.kind, workspace_ref: place.workspaceId, project_ref: place.projectId };
  if (!group) return awaitGroup(application, wanted, what, gift);
  const rules = await tx
    .selectFrom("group_rule")
    .select("ended_at")
    .where("group_id", "=", group.id)
    .where("role", "is not distinct from", wanted.role ?? null)
    .where("team_id", "is not distinct from", team?.id ?? null)
    .where("workspace_ref", "is not distinct from", place.workspaceId)
    .where("project_ref", "is not distinct from", place.projectId)
    .execute();
  // One that waited while the group came by another way.
  await sql`delete from waiting_group_rule w using directory_group g where g.id = ${group.id} and w.directory_id = g.directory_id
    and lower(w.group_name) = lower(g.display_name) and w.role is not distinct from ${gift.role} and w.team_id is not distinct from ${gift.team_id}::uuid
    and w.workspace_ref is not distinct from ${gift.workspace_ref}::uuid and w.project_ref is not distinct from ${gift.project_ref}::uuid`.execute(tx);
  if (rules.some((rule) => rule.ended_at === null)) return;
  if (rules.length > 0 && !application.isRestoring) return application.note(`${what} was ended and stays so (--restore brings it back)`);
  const id = newId();
  await tx
    .insertInto("group_rule")
    .values({
      id,
      organization_id: organizationId,
      group_id: group.id,
      ...gift,
    })
    .execute();
  const { opened } = await applyRules(tx, { actor: operatorActor(organizationId), request: application.request }, { ruleId: id });
  application.changed(`make the rule ${what}`, "group-rule.created", {
    target: { type: "group-rule", id, name: wanted.group },
    after: { group: wanted.group, role: wanted.role, team: wanted.team, workspace: wanted.workspace, project: wanted.project, grantsOpened: opened },
  });
}

type Gift = { role: string | null; team_id: string | null; scope_kind: string; workspace_ref: string | null; project_ref: string | null };

/** Lets a rule wait for its group; it is made when the directory sends it (lib/group-rules/waiting-rules.ts). */
async function awaitGroup(application: Application, wanted: SetupGroupRule, what: string, gift: Gift): Promise<void> {
  const { tx, organizationId } = application;
  const directory = await tx
    .selectFrom("directory")
    .select("id")
    .where("organization_id", "=", organizationId)
    .where("slug", "=", wanted.directory)
    .executeTakeFirst();
  if (!directory) return application.note(`${what}: there is no such directory`);
  const waiting = await tx
    .selectFrom("waiting_group_rule")
    .select(["id", "withdrawn_at"])
    .where("directory_id", "=", directory.id)
    .where(sql<boolean>`lower(group_name) = lower(${wanted.group})`)
    .where("role", "is not distinct from", gift.role)
    .where("team_id", "is not distinct from", gift.team_id)
    .where("workspace_ref", "is not distinct from", gift.workspace_ref)
    .where("project_ref", "is not distinct from", gift.project_ref)
    .executeTakeFirst();
  if (waiting && waiting.withdrawn_at === null) return;
  if (waiting && !application.isRestoring) return application.note(`${what} was withdrawn and stays so (--restore brings it back)`);
  const id = waiting?.id ?? newId();
  if (waiting) await tx.updateTable("waiting_group_rule").set({ withdrawn_at: null, withdrawn_by: null }).where("id", "=", id).execute();
  else
    await tx
      .insertInto("waiting_group_rule")
      .values({ id, organization_id: organizationId, directory_id: directory.id, group_name: wanted.group, ...gift })
      .execute();
  application.changed(`let the rule ${what} wait for its group`, "group-rule.awaited", {
    target: { type: "group-rule", id, name: wanted.group },
    after: { group: wanted.group, role: wanted.role, team: wanted.team, workspace: wanted.workspace, project: wanted.project },
  });
}
