import "server-only";
import { z } from "zod";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { updateProject } from "@/lib/projects/change-project";
import { createProject } from "@/lib/projects/create-project";
import { deleteProject } from "@/lib/projects/delete-project";
import { getProject, listProjects, PROJECT_FIELDS, type ProjectView } from "@/lib/projects/queries";
import { bodyOf } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { inRecordedWords } from "./recorded-words";
import { type Envelope, entity, times } from "./respond";
import { answerList } from "./scoped-list";

// Projects on the wire. A path names one by name or id.

const newProject = z.object({ name: z.string(), display_name: z.string().nullish(), description: z.string().nullish() });
const changedProject = newProject.partial().extend({ name: z.string().nullish() });

const project = (view: ProjectView, hydrate: boolean): Envelope =>
  entity({
    id: view.id,
    name: view.name,
    body: { ...times(view), display_name: view.display_name },
    metadata: hydrate ? { description: view.description, project_metadata: {} } : null,
  });

async function one(call: WireCall, nameOrId: string): Promise<Envelope> {
  const found = inRecordedWords(ask(getProject, call.context, { nameOrId }), {
    not_found: `"Unable to get project with name or ID '${nameOrId}': '${nameOrId}' is not a valid  UUID and no project with this name exists."`,
  });
  return project(await found, call.hydrate);
}

export const PROJECT_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/projects",
    permission: "project:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        PROJECT_FIELDS,
        (input) => ask(listProjects, call.context, input),
        (items) => items.map((item) => project(item, call.hydrate)),
      ),
  },
  {
    method: "GET",
    path: "/projects/{project}",
    permission: "project:read",
    audit: "none: a read",
    handle: (call) => one(call, call.path.project ?? ""),
  },
  {
    method: "POST",
    path: "/projects",
    permission: "project:create",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, newProject);
      const input = { name: body.name, displayName: body.display_name ?? "", description: body.description ?? "" };
      const made = await inRecordedWords(execute(createProject, call.context, input), {
        conflict: `Unable to create the requested project with name '${body.name}': Found another existing project with the same name.`,
      });
      return one(call, made.id);
    },
  },
  {
    method: "PUT",
    path: "/projects/{project}",
    permission: "project:update",
    audit: "entry",
    handle: async (call) => {
      const { name, display_name: displayName, description } = bodyOf(call, changedProject);
      return one(call, (await execute(updateProject, call.context, { project: call.path.project, name, displayName, description })).id);
    },
  },
  {
    method: "DELETE",
    path: "/projects/{project}",
    permission: "project:delete",
    audit: "entry",
    handle: (call) => execute(deleteProject, call.context, { project: call.path.project }),
  },
];
