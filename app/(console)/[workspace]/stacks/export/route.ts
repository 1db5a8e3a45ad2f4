import { STACK_LIST } from "@/components/stack/lists";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { listStackRows } from "@/lib/stacks/list-stack-rows";
import { exportList } from "../../../list-export";

export const dynamic = "force-dynamic";

/** The stacks that a filter shows, as CSV. */
export const GET = route("stack:read", ({ context, url }) =>
  exportList(url, `stacks-${context.workspace?.slug}`, STACK_LIST, (input) => ask(listStackRows, context, input), [
    ["name", (row) => row.name],
    ["id", (row) => row.id],
    ["description", (row) => row.description],
    ["parts", (row) => row.parts.map((part) => `${part.type}: ${part.name} (${part.flavor})`)],
    ["local parts", (row) => row.parts.filter((part) => part.local).map((part) => part.name)],
    ["runs in 7 days", (row) => row.runs7d],
    ["owner", (row) => row.owner?.name ?? null],
    ["created", (row) => row.createdAt],
    ["changed", (row) => row.updatedAt],
  ]),
);
