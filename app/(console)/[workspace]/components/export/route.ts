import { COMPONENT_LIST } from "@/components/stack/lists";
import { listComponentRows } from "@/lib/components/list-component-rows";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../list-export";

export const dynamic = "force-dynamic";

/** The components that a filter shows, as CSV; their configuration is left out. */
export const GET = route("component:read", ({ context, url }) =>
  exportList(url, `components-${context.workspace?.slug}`, COMPONENT_LIST, (input) => ask(listComponentRows, context, input), [
    ["name", (row) => row.name],
    ["id", (row) => row.id],
    ["kind", (row) => row.type],
    ["flavor", (row) => row.flavor],
    ["integration", (row) => row.integration],
    ["local", (row) => (row.local ? "yes" : "no")],
    ["in stacks", (row) => row.stacks],
    ["owner", (row) => row.owner?.name ?? null],
    ["created", (row) => row.createdAt],
    ["changed", (row) => row.updatedAt],
  ]),
);
