import type { ReactNode } from "react";
import type { Choice } from "@/components/access/grant-list";
import { ListFailure } from "@/components/table/list-failure";
import type { ListDefinition, pageInput, ListView } from "@/components/table/list-params";
import type { KeysetPage } from "@/lib/kernel/keyset-page";
import type { PageArguments } from "@/lib/kernel/page";
import { type DrawnList, drawnList, readList } from "../read-list";
import { AccessFrame, type AccessTab, accessPath, withQuery } from "./access-frame";
import { ownRoles } from "./own-roles";

type Props<L, Read> = {
  args: PageArguments;
  tab: AccessTab;
  /** The list, filtered also by the organization's own roles. */
  definition: (own: Choice[]) => ListDefinition;
  perPage: number;
  /** The list, and what else the page shows. */
  read: (input: ReturnType<typeof pageInput>, view: ListView) => Promise<Read & { list: L }>;
  /** What else the export is asked for. */
  exportQuery?: (read: Read | undefined) => Record<string, string | null>;
  beside?: (list: L) => ReactNode;
  /** What one does here; nothing was read where reading failed. */
  actions?: (read: Read | undefined) => ReactNode;
  above?: (read: Read) => ReactNode;
  draw: (list: DrawnList<L> & { path: string; ownRoles: Choice[] }, read: Read) => ReactNode;
};

/** One of the lists of access as the address asks for it, in the frame of them all. */
export async function AccessList<L extends KeysetPage<unknown>, Read>(props: Props<L, Read>) {
  const { args, tab, perPage, read, exportQuery, beside, actions, above, draw } = props;
  const path = [accessPath(args.place), tab].filter(Boolean).join("/");
  const own = await ownRoles(args.context);
  const { data, failure, view, search } = await readList(args, props.definition(own), perPage, read);
  return (
    <AccessFrame
      args={args}
      tab={tab}
      exportSearch={withQuery(search, exportQuery?.(data) ?? {})}
      beside={data && beside?.(data.list)}
      actions={actions?.(data)}
    >
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        <>
          {above?.(data)}
          {draw({ ...drawnList(data.list, view), path, ownRoles: own }, data)}
        </>
      )}
    </AccessFrame>
  );
}
