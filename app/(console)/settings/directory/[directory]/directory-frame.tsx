import Link from "next/link";
import type { ReactNode } from "react";
import { DirectoryActs } from "@/components/directory/directory-acts";
import { DirectoryState } from "@/components/directory/directory-state";
import { directoryPath, type DirectoryTab, holdPath, TABS } from "@/components/directory/lists";
import { ConsolePage } from "@/components/shell/console-page";
import { ListFailure } from "@/components/table/list-failure";
import { type ListDefinition, type pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { Banner } from "@/components/ui/banner";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { LinkTabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import { getDirectory } from "@/lib/directories/queries";
import { CLAIMS, type DirectoryFacts } from "@/lib/directories/schema";
import type { KeysetPage } from "@/lib/kernel/keyset-page";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../../attempt";
import { FailurePage } from "../../../failure-page";
import { type DrawnList, drawnList, readList } from "../../../read-list";

/** The head and tabs of a directory; `draw` gives what is below them. */
export async function DirectoryFrame({
  args: { context, place, params, searchParams },
  tab,
  list,
  draw,
}: {
  args: PageArguments;
  tab: DirectoryTab;
  /** Of a tab that is one list: it can be exported as it is filtered. */
  list?: ListDefinition;
  draw: (directory: DirectoryFacts) => Promise<ReactNode>;
}) {
  const { data, failure } = await attempt(context, async () => {
    const directory = await ask(getDirectory, context, { directoryId: params.directory ?? "" });
    return { directory, body: await draw(directory) };
  });
  const organization = { label: place.organization.name, href: "/" };
  const crumbs = [organization, { label: "Directory", href: "/settings/directory" }, { label: data?.directory.name ?? "Directory" }];
  if (failure) return <FailurePage crumbs={crumbs} failure={failure} />;
  const { directory, body } = data;
  const { provider, connection } = directory;
  const tabs = TABS.filter((one) => provider !== CLAIMS || one.id === "people" || one.id === "groups" || one.id === "rules");
  return (
    <ConsolePage
      crumbs={
        connection
          ? [
              organization,
              { label: "Single sign-on", href: "/settings/sso" },
              { label: connection.name, href: `/settings/sso/${connection.slug}` },
              { label: "Groups from sign-ins" },
            ]
          : crumbs
      }
      fills={list !== undefined}
    >
      {directory.hold && (
        <Banner
          tone="warn"
          icon="hand"
          end={
            <Link href={holdPath(directory.id, directory.hold.id)} className="inline-flex min-h-6 items-center underline">
              Decide
            </Link>
          }
        >
          {directory.name} would end the access of {countWords(directory.hold.held)} of {countWords(directory.hold.people)} people. They keep it until this is
          decided; held <Time at={directory.hold.at} />.
        </Banner>
      )}
      {directory.state === "silent" && (
        <Banner tone="warn" icon="unplug">
          Nothing was heard of {directory.name} since {directory.lastEventAt && <Time at={directory.lastEventAt} />}: who left meanwhile may still be let in.
        </Banner>
      )}
      <PageHead
        title={provider === CLAIMS ? `Groups from sign-ins: ${directory.name}` : directory.name}
        beside={provider !== CLAIMS && <DirectoryState directory={directory} />}
        actions={
          <>
            {list && (
              <ExportLink href={`${directoryPath(directory.id, tab)}/export${viewSearch(list, { ...readListView(list, searchParams), after: undefined })}`} />
            )}
            {provider !== CLAIMS && can(context.actor, "directory:update").allowed && <DirectoryActs directory={{ ...directory, provider }} />}
          </>
        }
      />
      <LinkTabs label="Directory" tabs={tabs.map((one) => ({ href: directoryPath(directory.id, one.id), label: one.label, isCurrent: one.id === tab }))} />
      {body}
    </ConsolePage>
  );
}

type ListArguments<Row> = {
  args: PageArguments;
  directory: DirectoryFacts;
  tab: DirectoryTab;
  definition: ListDefinition;
  perPage: number;
  read: (input: ReturnType<typeof pageInput> & { directoryId: string }) => Promise<KeysetPage<Row>>;
  draw: (list: DrawnList<KeysetPage<Row>> & { directoryId: string }) => ReactNode;
};

/** One of a directory's lists as the address asks for it. */
export async function drawList<Row>({ args, directory, tab, definition, perPage, read, draw }: ListArguments<Row>): Promise<ReactNode> {
  const { data: list, failure, view } = await readList(args, definition, perPage, (input) => read({ ...input, directoryId: directory.id }));
  return failure ? <ListFailure failure={failure} path={directoryPath(directory.id, tab)} /> : draw({ ...drawnList(list, view), directoryId: directory.id });
}
