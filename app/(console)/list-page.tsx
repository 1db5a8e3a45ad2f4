import type { ReactNode } from "react";
import { projectPath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import type { Crumb } from "@/components/shell/top-bar";
import { InView } from "@/components/table/in-view";
import { ListFailure } from "@/components/table/list-failure";
import type { ListDefinition, ListView, pageInput } from "@/components/table/list-params";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import type { KeysetPage } from "@/lib/kernel/keyset-page";
import type { PageArguments } from "@/lib/kernel/page";
import { ProjectLive } from "./project-live";
import { type AskedList, type DrawnList, drawnList, readList } from "./read-list";

type Props<L> = {
  args: PageArguments;
  title: string;
  /** After the workspace. */
  crumbs: Crumb[];
  path: string;
  definition: ListDefinition;
  perPage: number;
  read: (input: ReturnType<typeof pageInput>, view: ListView) => Promise<L>;
  tabs?: ReactNode;
  /** How a client lists the same. */
  cli?: (asked: AskedList) => ReactNode;
  /** Where the CSV lies. */
  exportPath?: string;
  /** True when the page says that something new has come. */
  isLive?: boolean;
  /** What else one does here. */
  acts?: ReactNode;
  /** What stands in place of rows where there are none at all; sent only then. */
  empty: ReactNode;
  draw: (list: DrawnList<L> & { path: string; empty: ReactNode }) => ReactNode;
};

/** A list of a workspace as the address asks for it: its head with the count, the client's way, the export, and its rows or why there are none. */
export async function ListPage<L extends KeysetPage<unknown>>(props: Props<L>) {
  const { args, title, crumbs, path, definition, perPage, read, tabs, cli, exportPath = `${path}/export`, isLive, acts, empty, draw } = props;
  const { workspace } = args.place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const { data: list, failure, asked, view, search } = await readList(args, definition, perPage, read);
  return (
    <ConsolePage fills crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, ...crumbs]}>
      <PageHead
        isInBar
        title={title}
        beside={list && <InView total={list.total} />}
        actions={
          <>
            {isLive && <ProjectLive {...args} since={new Date(asked.now).toISOString()} />}
            {cli?.(asked)}
            <ExportLink href={`${exportPath}${search}`} />
            {acts}
          </>
        }
      />
      {tabs}
      {failure ? <ListFailure failure={failure} path={path} /> : draw({ ...drawnList(list, view), path, empty: list.rows.length > 0 ? null : empty })}
    </ConsolePage>
  );
}

/** The place of a page whose path names a workspace and a project. */
export function projectOf({ place: { workspace, project } }: Pick<PageArguments, "place">) {
  if (!workspace || !project) throw new Error("The path of this page names a workspace and a project.");
  return { workspace, project, base: projectPath(workspace.slug, project.name) };
}
