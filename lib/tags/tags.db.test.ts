import { beforeAll, expect, it } from "vitest";
import { useTestDatabase } from "@/db/test-database";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { newId } from "@/lib/kernel/id";
import { callAs, makeTestOrganization, type TestOrganization } from "@/lib/kernel/test-organization";
import { asOwner, lastSeq, trailAfter } from "@/lib/kernel/test-rows";
import { inScope } from "@/lib/kernel/transaction";
import { attachTags, detachTags, loadTags, type TagWish } from "./attach-tags";
import { createTag, updateTag } from "./change-tag";
import { EDIT_TAGS } from "./edit-tags";
import { suggestTags } from "./suggest-tags";

const db = useTestDatabase();
let acme: TestOrganization;
let artifactId: string;

beforeAll(async () => {
  acme = await makeTestOrganization();
  artifactId = newId();
  await asOwner(db.ownerUrl, "insert into artifact (id, workspace_id, project_id, name) values ($1, $2, $3, 'a')", [
    artifactId,
    acme.own.workspace.id,
    acme.own.projectId,
  ]);
});

const here = <T>(work: Parameters<typeof inScope<T>>[1]) => inScope<T>([acme.own.workspace.id], work);
const place = (resourceId: string, tags: TagWish[]) => ({
  workspaceId: acme.own.workspace.id,
  actorId: acme.people.contributor.id,
  resourceType: "artifact_version" as const,
  resourceId,
  tags,
});
const attach = (resourceId: string, tags: TagWish[], resourceType: "artifact_version" | "model" = "artifact_version") =>
  here((tx) => attachTags(tx, { workspaceId: acme.own.workspace.id, actorId: acme.people.contributor.id, resourceType, resourceId, tags }));
const tagsOf = async (id: string) => (await here((tx) => loadTags(tx, [id]))).get(id)?.map((tag) => tag.name) ?? [];

async function makeVersion(): Promise<string> {
  const id = newId();
  await asOwner(
    db.ownerUrl,
    `insert into artifact_version (id, workspace_id, project_id, artifact_id, version, uri, type, materializer, data_type, save_type, request_id, created_by)
     values ($1::uuid, $2, $3, $4, ($1::uuid)::text, '/x', 'DataArtifact', '{}', '{}', 'manual', 'r', $5)`,
    [id, acme.own.workspace.id, acme.own.projectId, artifactId, acme.people.contributor.id],
  );
  return id;
}

it("makes a tag once, however many attach it at once, in whatever order", async () => {
  const resources = Array.from({ length: 8 }, () => newId());
  await Promise.all(resources.map((id, index) => attach(id, index % 2 ? ["b", "a", "c"] : ["c", "a", "b"])));
  for (const id of resources) expect(await tagsOf(id)).toEqual(["a", "b", "c"]);
  expect(await asOwner(db.ownerUrl, "select name from tag order by name")).toEqual([{ name: "a" }, { name: "b" }, { name: "c" }]);
  await attach(resources[0] as string, ["a"]);
  expect(await tagsOf(resources[0] as string)).toEqual(["a", "b", "c"]);
  await here((tx) => detachTags(tx, { resourceId: resources[0] as string, tags: ["b", "never-there"] }));
  expect(await tagsOf(resources[0] as string)).toEqual(["a", "c"]);
  expect(await tagsOf(resources[1] as string)).toEqual(["a", "b", "c"]);
});

it("an exclusive tag is on one version of an artifact, however many take it at once", async () => {
  const versions = await Promise.all(Array.from({ length: 6 }, makeVersion));
  await attach(versions[0] as string, [{ name: "golden", exclusive: true }]);
  await attach(versions[1] as string, ["golden"]);
  expect(await tagsOf(versions[0] as string)).toEqual([]);
  expect(await tagsOf(versions[1] as string)).toEqual(["golden"]);
  await Promise.all(versions.map((id) => attach(id, ["golden"])));
  expect((await Promise.all(versions.map(tagsOf))).flat()).toEqual(["golden"]);
  await expect(attach(newId(), ["golden"], "model")).rejects.toMatchObject({ code: "bad_request" });
});

it("a tag keeps what it is: another exclusiveness is refused, and one that is shared can't become exclusive", async () => {
  const [one, two] = [await makeVersion(), await makeVersion()];
  await attach(one, ["shared"]);
  await attach(two, ["shared"]);
  await expect(attach(one, [{ name: "shared", exclusive: true }])).rejects.toMatchObject({ code: "bad_request" });
  const [tag] = await asOwner<{ id: string }>(db.ownerUrl, "select id from tag where name = 'shared'");
  const admin = callAs(acme.people["workspace-admin"], acme.own.workspace);
  await expect(execute(updateTag, admin, { tagId: tag?.id, exclusive: true })).rejects.toMatchObject({ code: "bad_request" });
  await here((tx) => detachTags(tx, { resourceId: two, tags: ["shared"] }));
  await execute(updateTag, admin, { tagId: tag?.id, exclusive: true });
  await attach(two, ["shared"]);
  expect(await tagsOf(one)).toEqual([]);
});

it("names are names, and another workspace's tag is unknown", async () => {
  const contributor = callAs(acme.people.contributor, acme.own.workspace);
  for (const name of ["", newId(), "x".repeat(256), "nul\u0000"])
    await expect(execute(createTag, contributor, { name }), name).rejects.toMatchObject({ code: "invalid_input" });
  const [foreign] = await inScope([acme.foreign.workspace.id], (tx) =>
    attachTags(tx, {
      workspaceId: acme.foreign.workspace.id,
      actorId: acme.people.contributor.id,
      resourceType: "model",
      resourceId: newId(),
      tags: ["elsewhere"],
    }),
  );
  await expect(attach(newId(), [foreign?.id ?? ""])).rejects.toMatchObject({ code: "not_found" });
  await expect(execute(updateTag, contributor, { tagId: foreign?.id, color: "blue" })).rejects.toMatchObject({ code: "not_found" });
});

it("an edit puts tags on and takes them off in one entry, and says what an exclusive tag was taken from", async () => {
  const contributor = callAs(acme.people.contributor, acme.own.workspace);
  const [one, two] = [await makeVersion(), await makeVersion()];
  const edit = (resourceId: string, add: string[], remove: string[] = []) =>
    execute(EDIT_TAGS.artifact, contributor, { resourceType: "artifact_version", resourceId, add, remove });
  await here((tx) => attachTags(tx, place(one, [{ name: "champion", exclusive: true }, "old"])));
  expect(await edit(one, ["fresh"], ["old", "never-there"])).toEqual({ tags: ["champion", "fresh"], taken: [] });
  const seq = await lastSeq(db.ownerUrl);
  expect(await edit(one, ["fresh"])).toEqual({ tags: ["champion", "fresh"], taken: [] });
  expect(await trailAfter(db.ownerUrl, seq)).toEqual([]);
  expect(await edit(two, ["champion"])).toEqual({ tags: ["champion"], taken: [{ tag: "champion", from: `a ${one}` }] });
  expect((await trailAfter(db.ownerUrl, seq)).map((entry) => [entry.action, entry.target_name])).toEqual([
    ["artifact.tags-edited", `a ${two}`],
    ["artifact.tags-edited", `a ${one}`],
  ]);
  expect(await tagsOf(one)).toEqual(["fresh"]);
  await expect(edit(one, [newId()])).rejects.toMatchObject({ code: "invalid_input" });
  const viewer = callAs(acme.people.viewer, acme.own.workspace);
  await expect(execute(EDIT_TAGS.artifact, viewer, { resourceType: "artifact_version", resourceId: one, add: ["x"] })).rejects.toMatchObject({
    code: "forbidden",
  });
  await expect(execute(EDIT_TAGS.run, contributor, { resourceType: "artifact_version", resourceId: one, add: ["x"] })).rejects.toMatchObject({
    code: "invalid_input",
  });
});

it("suggests tags by what is typed, those that begin with it first, and the signs of a pattern mean themselves", async () => {
  const contributor = callAs(acme.people.contributor, acme.own.workspace);
  for (const name of ["zeta", "beta-zeta", "50%", "500"]) await attach(newId(), [name]);
  const suggested = async (text: string) => (await ask(suggestTags, contributor, { text })).map((tag) => tag.name);
  expect(await suggested("zeta")).toEqual(["zeta", "beta-zeta"]);
  expect(await suggested("50%")).toEqual(["50%"]);
  expect(await suggested("elsewhere")).toEqual([]);
});
