import { notFound } from "next/navigation";
import { isUuid } from "@/lib/kernel/id";
import type { PageArguments } from "@/lib/kernel/page";

/** Things of a workspace that have pages: the folder of their list, and its name in crumbs. */
const LISTS = {
  secret: { folder: "secrets", label: "Secrets" },
  connector: { folder: "connectors", label: "Connectors" },
  stack: { folder: "stacks", label: "Stacks" },
  component: { folder: "components", label: "Components" },
  flavor: { folder: "flavors", label: "Flavors" },
  job: { folder: "jobs", label: "Jobs" },
} as const;

/** Where the pages of one thing are, and the crumbs down to it. An address that can name none is the 404 page. */
export function thingPlace({ place: { workspace }, params }: Pick<PageArguments, "place" | "params">, kind: keyof typeof LISTS) {
  const id = params[kind]?.toLowerCase();
  if (!workspace || !isUuid(id)) notFound();
  const base = `/${workspace.slug}`;
  const { folder, label } = LISTS[kind];
  const list = `${base}/${folder}`;
  return {
    workspace,
    id,
    base,
    path: `${list}/${id}`,
    crumbs: [
      { label: workspace.slug, href: base },
      { label, href: list },
    ],
  };
}
