import { FLAVOR_LIST } from "@/components/stack/lists";
import { listFlavorRows } from "@/lib/flavors/list-flavor-rows";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { exportList } from "../../../list-export";

export const dynamic = "force-dynamic";

/** The flavors that a filter shows, as CSV. */
export const GET = route("flavor:read", ({ context, url }) =>
  exportList(url, `flavors-${context.workspace?.slug}`, FLAVOR_LIST, (input) => ask(listFlavorRows, context, input), [
    ["title", (row) => row.title],
    ["name", (row) => row.name],
    ["id", (row) => row.id],
    ["kind", (row) => row.type],
    ["integration", (row) => row.integration],
    ["came with", (row) => (row.isCustom ? "the workspace" : "Reeve")],
    ["fields", (row) => row.fields],
    ["components", (row) => row.components],
  ]),
);
