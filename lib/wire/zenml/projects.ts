import "server-only";
import { ask } from "@/lib/kernel/query";
import { getProject, listProjects, PROJECT_FIELDS, type ProjectView } from "@/lib/projects/queries";
import type { Endpoint } from "./endpoint";
import { type Envelope, entity, times } from "./respond";
import { answerList } from "./scoped-list";

// Projects on the wire: reading.

const project = (view: ProjectView, hydrate: boolean): Envelope =>
  entity({
    id: view.id,
    name: view.name,
    body: { ...times(view), display_name: view.display_name },
    metadata: hydrate ? { description: view.description, project_metadata: {} } : null,
  });

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
    handle: async (call) => project(await ask(getProject, call.context, { nameOrId: call.path.project }), call.hydrate),
  },
];
