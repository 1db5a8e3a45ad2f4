import { afterAll, beforeAll, expect, it } from "vitest";
import { OTHER_WORKSPACE, PEOPLE } from "../fixtures";
import { openReeve, rows } from "./zenml/client";
import { openScenarios } from "./zenml/scenario";

/*
 * Scenarios 02 and 03: service accounts with their keys, users and projects, with the unmodified client, in a workspace without a `ci`. The administrator of the scripts
 * is a System Admin who is also Workspace Admin here, as the recorded server's one admin was both.
 *
 * | Differs from the recorded server | Why |
 * |---|---|
 * | passwords of the scripts are longer (Alice-pw-1 → Alice-pw-1-is-longer) | local passwords have 12 characters at least (decision 0008) |
 * | a plain user registers no project: 403 | PERMISSIONS §2: projects are the Workspace Admin's; OSS without RBAC lets every account |
 * | a plain user sees the people of the workspace in `user list` | PERMISSIONS §2: names of the own workspace; OSS shows only oneself |
 * | a plain user does not change their e-mail address: 403 | it is what people sign in with; it stays with the System Admins |
 * | 403 texts name the permission, the role that would allow it and a request id | rule 8; the client prints them as they are |
 * | `user create` needs a System Admin, `service-account create` a Workspace Admin | PERMISSIONS §2 |
 * | `user delete` ends the access to this workspace, and the account where nothing else is left; the row stays | history keeps names |
 * | a project that holds runs, models or artifacts is not deleted: 403 | nothing that was recorded goes unseen with its project |
 * | `/current-user` always carries `default_project_id`, `email_opted_in` is false | rule 13; Reeve sends no mails of that kind |
 * | an activation token is 43 signs, good once, for seven days | the recorded one had no end |
 */

let reeve: Awaited<ReturnType<typeof openReeve>>;
let scenarios: Awaited<ReturnType<typeof openScenarios>>;

beforeAll(async () => {
  reeve = await openReeve();
  const { email, password } = PEOPLE.systemAdmin;
  const [grant] = await rows<{ organization_id: string; principal_id: string; workspace: string }>(
    reeve,
    "select p.organization_id, p.id as principal_id, w.id as workspace from principal p join workspace w on w.slug = $2 where p.email = $1",
    [email, OTHER_WORKSPACE],
  );
  await rows(
    reeve,
    "insert into role_grant (id, organization_id, principal_id, role, scope_kind, workspace_ref, source) values (gen_random_uuid(), $1, $2, 'workspace-admin', 'workspace', $3, 'setup')",
    [grant?.organization_id, grant?.principal_id, grant?.workspace],
  );
  scenarios = await openScenarios(`${reeve.url}/${OTHER_WORKSPACE}`, { user: email, password });
});
afterAll(async () => {
  scenarios?.close();
  await reeve?.stop();
});

it("every command of scenario 02 ends as on the recorded server", async () => {
  const { unexpected, transcript, output } = await scenarios.run("02_service_accounts");
  expect(unexpected, `${output}\n${transcript}`).toBe(0);
  const text = transcript.replace(/\s+/g, " ");
  for (const words of [
    "Unable to create service account with name 'ci': Found existing service account with this name.",
    "Unable to register API key with name 'k1': Found an existing API key with the same name configured for the same 'ci-bot' service account.",
    "could not verify key value for API key k1",
    "API key k1 associated with service account ci-bot is not active",
    "service account ci-bot associated with API key k1-renamed is not active",
  ])
    expect(text, words).toContain(words);
  expect(await rows(reeve, "select count(*)::int as n from api_key k join principal p on p.id = k.principal_id where p.name in ('ci-bot', 'tmp')")).toEqual([
    { n: 1 },
  ]);
});

it("every command of scenario 03 ends as on the recorded server", async () => {
  const { unexpected, transcript, output } = await scenarios.run("03_users_projects");
  expect(unexpected, `${output}\n${transcript}`).toBe(0);
  const text = transcript.replace(/\s+/g, " ");
  for (const words of [
    "Unable to create user with name 'alice': Found an existing user account with this name.",
    "Cannot change the private user account information for another user account.",
    "Unable to create the requested project with name 'proj2': Found another existing project with the same name.",
    "Unable to get project with name or ID 'nowhere': 'nowhere' is not a valid UUID and no project with this name exists.",
    "This needs the permission user:create.",
    "This needs the permission service-account:create.",
    "This needs the permission project:create.",
  ])
    expect(text, words).toContain(words);
  const people = await rows(reeve, "select name, active from principal where name in ('alice', 'bob') order by name");
  expect(people).toEqual([
    { name: "alice", active: false },
    { name: "bob", active: false },
  ]);
});
