import type { ReactNode } from "react";
import { ConnectionBadge } from "@/components/sso/connection-state";
import { ssoPath, TABS, type TabId } from "@/components/sso/steps";
import { SwitchConnection } from "@/components/sso/switch-connection";
import { ConsolePage } from "@/components/shell/console-page";
import { ListFailure } from "@/components/table/list-failure";
import { type ListDefinition, type pageInput, readListView, viewSearch } from "@/components/table/list-params";
import { Badge } from "@/components/ui/badge";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { LinkTabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { can } from "@/lib/authz/can";
import type { KeysetPage } from "@/lib/kernel/keyset-page";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getConnection } from "@/lib/sso/queries";
import { type ConnectionFacts, PROTOCOLS } from "@/lib/sso/schema";
import { attempt } from "../../../attempt";
import { FailurePage } from "../../../failure-page";
import { type DrawnList, drawnList, readList } from "../../../read-list";

/** The head and tabs of a connection; `draw` gives what is below them. */
export async function ConnectionFrame({
  args: { context, place, params, searchParams },
  tab,
  list,
  draw,
}: {
  args: PageArguments;
  tab: TabId;
  /** Of a tab that is one list: it can be exported as it is filtered. */
  list?: ListDefinition;
  draw: (connection: ConnectionFacts) => Promise<ReactNode>;
}) {
  const { data, failure } = await attempt(context, async () => {
    const connection = await ask(getConnection, context, { connection: params.connection ?? "" });
    return { connection, body: await draw(connection) };
  });
  const crumbs = [
    { label: place.organization.name, href: "/" },
    { label: "Single sign-on", href: "/settings/sso" },
    { label: data?.connection.name ?? "Connection" },
  ];
  if (failure) return <FailurePage crumbs={crumbs} failure={failure} />;
  const { connection, body } = data;
  const path = (id: TabId) => ssoPath(connection.slug, id === "set-up" ? undefined : id);
  return (
    <ConsolePage crumbs={crumbs} fills={list !== undefined}>
      <PageHead
        title={`Single sign-on: ${connection.name}`}
        beside={
          <>
            <Badge>{PROTOCOLS[connection.protocol]}</Badge>
            <ConnectionBadge state={connection.state} version={connection.version} />
          </>
        }
        actions={
          <>
            {list ? (
              <ExportLink href={`${path(tab)}/export${viewSearch(list, { ...readListView(list, searchParams), after: undefined })}`} />
            ) : (
              <span className="text-ink-3 max-md:hidden">
                Saved <Time at={connection.updatedAt} />
              </span>
            )}
            {can(context.actor, "sso-connection:update").allowed && <SwitchConnection connection={connection} />}
          </>
        }
      />
      <LinkTabs label="Single sign-on" tabs={TABS.map((one) => ({ href: path(one.id), label: one.label, isCurrent: one.id === tab }))} />
      {body}
    </ConsolePage>
  );
}

type ListArguments<Row> = {
  args: PageArguments;
  connection: ConnectionFacts;
  tab: "people" | "attempts";
  definition: ListDefinition;
  perPage: number;
  read: (input: ReturnType<typeof pageInput> & { connectionId: string }) => Promise<KeysetPage<Row>>;
  draw: (list: DrawnList<KeysetPage<Row>> & { slug: string }) => ReactNode;
};

/** One of a connection's lists as the address asks for it. */
export async function drawList<Row>({ args, connection, tab, definition, perPage, read, draw }: ListArguments<Row>): Promise<ReactNode> {
  const { data: list, failure, view } = await readList(args, definition, perPage, (input) => read({ ...input, connectionId: connection.id }));
  return failure ? <ListFailure failure={failure} path={ssoPath(connection.slug, tab)} /> : draw({ ...drawnList(list, view), slug: connection.slug });
}
