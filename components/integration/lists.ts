import type { ListDefinition } from "@/components/table/list-params";
import { counted } from "@/components/ui/time-words";
import { KIND_TITLES } from "@/lib/secrets/row-schema";

export const INTEGRATIONS = "/settings/integrations";

/** The secrets of the organization. */
export const INTEGRATION_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Name", kind: "text" },
    { key: "kind", label: "Kind", kind: "enum", options: Object.entries(KIND_TITLES).map(([value, label]) => ({ value, label })) },
    {
      key: "reach",
      label: "For",
      kind: "enum",
      options: [
        { value: "all", label: "All workspaces" },
        { value: "named", label: "Named workspaces" },
      ],
    },
    { key: "workspaces", label: "Workspaces", kind: "number" },
    { key: "keys", label: "Keys", kind: "number" },
    { key: "version", label: "Version", kind: "number" },
    { key: "bound", label: "Bindings", kind: "number" },
    { key: "used", label: "Last used", kind: "time", canBeMissing: true },
    { key: "rotated", label: "Last rotated", kind: "time" },
    { key: "expires", label: "Expires", kind: "time", canBeMissing: true, isAhead: true },
    { key: "created", label: "Created", kind: "time" },
  ],
  sortable: ["name", "kind", "reach", "workspaces", "keys", "version", "bound", "used", "rotated", "expires", "created"],
  defaultSort: { field: "name", direction: "asc" },
  columns: ["name", "kind", "reach", "keys", "version", "bound", "used", "rotated", "expires", "created"],
  hiddenAtFirst: ["created"],
};

export const ROWS_PER_PAGE = 50;

/** "All workspaces", or how many of those that the reader reaches. */
export const reachWords = ({ everywhere, workspaces }: { everywhere: boolean; workspaces: number }): string =>
  everywhere ? "All workspaces" : counted(workspaces, "workspace");
