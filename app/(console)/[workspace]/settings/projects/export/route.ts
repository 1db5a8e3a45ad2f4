import { PROJECT_LIST } from "@/components/project/project-list";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { overviewProjects } from "@/lib/projects/list-projects";
import { exportList } from "../../../../list-export";

export const dynamic = "force-dynamic";

/** The projects that a filter shows, as CSV. */
export const GET = route("project:read", ({ context, url }) =>
  exportList(url, `projects-${context.workspace?.slug}`, PROJECT_LIST, (input) => ask(overviewProjects, context, input), [
    ["name", (row) => row.name],
    ["id", (row) => row.id],
    ["display name", (row) => row.displayName],
    ["description", (row) => row.description],
    ["runs", (row) => row.runs],
    ["models", (row) => row.models],
    ["artifacts", (row) => row.artifacts],
    ["pipelines", (row) => row.pipelines],
    ["grants", (row) => row.grants],
    ["last run", (row) => row.lastRunAt],
    ["made by", (row) => row.createdBy],
    ["created", (row) => row.createdAt],
  ]),
);
