import type { Metadata } from "next";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { COMPONENT_LIST, ROWS_PER_PAGE } from "@/components/stack/lists";
import { listCommand } from "@/components/stack/stack-cli";
import { ComponentsTable } from "@/components/stack/components-table";
import { listConditions, readListView, viewSearch } from "@/components/table/list-params";
import { buttonClass, ButtonLink } from "@/components/ui/button";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { Icon } from "@/components/ui/icon";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { RetryButton } from "@/components/ui/retry-button";
import { EmptyState, ErrorState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { countWords } from "@/components/ui/time-words";
import { listComponentRows } from "@/lib/components/list-component-rows";
import { kindCommand } from "@/lib/components/schema";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../attempt";
import { refusalOf } from "../../refusal";
import { stackTabs } from "../stacks/stack-tabs";

export const metadata: Metadata = { title: "Components" };

const OPTIONS = { name: "name", owner: "user", created: "created", updated: "updated" };

export default page("component:read", async ({ context, place, searchParams }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const base = `/${workspace.slug}`;
  const path = `${base}/components`;
  const view = readListView(COMPONENT_LIST, searchParams);
  const { zone } = await requestPreferences();
  const now = Date.now();
  const { data: list, failure } = await attempt(context, () =>
    ask(listComponentRows, context, {
      conditions: listConditions(COMPONENT_LIST, view.filters, now, zone),
      matchesAny: view.matchesAny,
      sort: view.sort,
      after: view.after,
      limit: ROWS_PER_PAGE,
      countsAll: view.countsAll,
    }),
  );
  // The client lists one kind at a time: the one that is filtered by, or artifact stores.
  const [oneKind = "artifact_store"] = view.filters.find((filter) => filter.field === "type" && filter.op === "is")?.values ?? [];
  const rest = view.filters.filter((filter) => filter.field !== "type");
  const cli = listCommand(`zenml ${kindCommand(oneKind)} list`, COMPONENT_LIST, { ...view, filters: rest }, OPTIONS, now, zone);
  const refusal = refusalOf(
    context.actor,
    "component:create",
    { workspaceId: workspace.id, ownerId: context.actor.id },
    "Registering components is not in your role",
  );
  return (
    <ConsolePage fills crumbs={[{ label: workspace.slug, href: base }, { label: "Components" }]}>
      <PageHead
        isInBar
        title="Components"
        beside={
          list && (
            <span className="text-ink-3">
              {countWords(list.total.count)}
              {list.total.isExact ? "" : "+"} in this view
            </span>
          )
        }
        actions={
          <>
            <CopyAsCli
              command={cli.command}
              note={
                view.filters.length === rest.length
                  ? "The client lists one kind at a time; this is artifact stores."
                  : cli.left.length > 0
                    ? `The client can’t filter by ${cli.left.join(", ")} this way: left out.`
                    : undefined
              }
            />
            <a
              href={`${path}/export${viewSearch(COMPONENT_LIST, { ...view, after: undefined })}`}
              download
              className={buttonClass("plain", "md", "max-md:border-transparent")}
              title="Export what this filter shows as CSV"
            >
              <Icon name="download" size={14} />
              <span className="max-md:sr-only">Export</span>
            </a>
            {refusal ? (
              <RefusedControl label="New component" refusal={refusal} />
            ) : (
              <ButtonLink href={`${path}/new`} look="primary" icon="plus">
                New component
              </ButtonLink>
            )}
          </>
        }
      />
      <LinkTabs label="Stacks and what they are made of" tabs={stackTabs(context.actor, workspace, "components")} />
      {failure ? (
        <ErrorState title={failure.title} fix={failure.fix} requestId={failure.requestId}>
          <RetryButton />
          <a href={path} className={buttonClass("ghost")}>
            First page, no filters
          </a>
        </ErrorState>
      ) : (
        <ComponentsTable
          path={path}
          base={base}
          rows={list.rows}
          view={view}
          total={list.total}
          next={list.next}
          countsWithout={list.countsWithout}
          empty={
            <EmptyState title="There is no component in this workspace.">
              <p>A component is one place that pipelines use: an orchestrator, an artifact store, a registry. Register one here, or with a client.</p>
              <CliBox command="zenml artifact-store register my_store --flavor=s3 --path=s3://my-bucket" />
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
