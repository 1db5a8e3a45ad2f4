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

/** Makes a rule that isn't there, with what it gives at once. A group that the directory hasn't sent yet is noted. */
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
  if (!group || groups.length > 1)
    return application.note(
      group
        ? `${what}: there are ${groups.length} groups of this name: make the rule in Reeve`
        : `${what}: the directory has sent no such group yet; apply again when it has`,
    );
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
  const rules = await tx
    .selectFrom("group_rule")
    .select("ended_at")
    .where("group_id", "=", group.id)
    .where("role", "is not distinct from", wanted.role ?? null)
    .where("team_id", "is not distinct from", team?.id ?? null)
    .where("workspace_ref", "is not distinct from", place.workspaceId)
    .where("project_ref", "is not distinct from", place.projectId)
    .execute();
  if (rules.some((rule) => rule.ended_at === null)) return;
  if (rules.length > 0 && !application.isRestoring) return application.note(`${what} was ended and stays so (--restore brings it back)`);
  const id = newId();
  await tx
    .insertInto("group_rule")
    .values({
      id,
      organization_id: organizationId,
      group_id: group.id,
      role: wanted.role ?? null,
      team_id: team?.id ?? null,
      scope_kind: place.kind,
      workspace_ref: place.workspaceId,
      project_ref: place.projectId,
    })
    .execute();
  const { opened } = await applyRules(tx, { actor: operatorActor(organizationId), request: application.request }, { ruleId: id });
  application.changed(`make the rule ${what}`, "group-rule.created", {
    target: { type: "group-rule", id, name: wanted.group },
    after: { group: wanted.group, role: wanted.role, team: wanted.team, workspace: wanted.workspace, project: wanted.project, grantsOpened: opened },
  });
}
