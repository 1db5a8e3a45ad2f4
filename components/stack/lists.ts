import type { ListDefinition } from "@/components/table/list-params";
import { COMPONENT_KINDS } from "@/lib/components/schema";

const KINDS = COMPONENT_KINDS.map((kind) => ({ value: kind.type, label: kind.title }));

/** The stacks list: fields to filter by, sort keys and columns. */
export const STACK_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Name", kind: "text" },
    { key: "description", label: "Description", kind: "text" },
    { key: "orchestrator", label: "Orchestrator", kind: "text", canBeMissing: true },
    { key: "artifact_store", label: "Artifact store", kind: "text", canBeMissing: true },
    { key: "registry", label: "Registry", kind: "text", canBeMissing: true },
    { key: "runs", label: "Runs in 7 days", kind: "number" },
    { key: "owner", label: "Owner", kind: "text", canBeMissing: true },
    { key: "created", label: "Created", kind: "time" },
    { key: "updated", label: "Changed", kind: "time" },
  ],
  sortable: ["name", "orchestrator", "artifact_store", "runs", "owner", "created", "updated"],
  defaultSort: { field: "created", direction: "desc" },
  columns: ["name", "orchestrator", "artifact_store", "registry", "others", "runs", "owner", "updated", "created"],
  hiddenAtFirst: ["created"],
};

/** The components list. */
export const COMPONENT_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Name", kind: "text" },
    { key: "type", label: "Kind", kind: "enum", options: KINDS },
    { key: "flavor", label: "Flavor", kind: "text" },
    { key: "integration", label: "Integration", kind: "text", canBeMissing: true },
    { key: "stacks", label: "In stacks", kind: "number" },
    { key: "owner", label: "Owner", kind: "text", canBeMissing: true },
    { key: "created", label: "Created", kind: "time" },
    { key: "updated", label: "Changed", kind: "time" },
  ],
  sortable: ["name", "type", "flavor", "stacks", "owner", "created", "updated"],
  defaultSort: { field: "created", direction: "desc" },
  columns: ["name", "type", "flavor", "stacks", "owner", "updated", "created"],
  hiddenAtFirst: ["created"],
};

/** The flavors list. */
export const FLAVOR_LIST: ListDefinition = {
  fields: [
    { key: "name", label: "Name", kind: "text" },
    { key: "title", label: "Title", kind: "text" },
    { key: "type", label: "Kind", kind: "enum", options: KINDS },
    { key: "integration", label: "Integration", kind: "text", canBeMissing: true },
    {
      key: "origin",
      label: "Came with",
      kind: "enum",
      options: [
        { value: "built-in", label: "Reeve" },
        { value: "custom", label: "The workspace" },
      ],
    },
    { key: "components", label: "Components", kind: "number" },
    { key: "updated", label: "Changed", kind: "time" },
  ],
  sortable: ["name", "title", "type", "integration", "components", "updated"],
  defaultSort: { field: "type", direction: "asc" },
  columns: ["title", "type", "name", "integration", "origin", "components"],
};

export const ROWS_PER_PAGE = 50;
