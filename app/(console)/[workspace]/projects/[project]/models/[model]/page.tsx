import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ThingEntries } from "@/components/audit/thing-entries";
import { Documentation } from "@/components/model/documentation";
import { EditDocumentation } from "@/components/model/edit-documentation";
import { ROWS_PER_PAGE, VERSIONS_OF_MODEL } from "@/components/model/lists";
import { StageLanes } from "@/components/model/stage-lanes";
import { VersionLink } from "@/components/model/version-link";
import { ModelVersionsTable } from "@/components/model/versions-table";
import { filterOf, listPath, modelPath, projectPath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { requestPreferences } from "@/components/shell/request-preferences";
import { shellWord } from "@/components/stack/stack-cli";
import { pageInput, readListView } from "@/components/table/list-params";
import { EditTags } from "@/components/tag/edit-tags";
import { packRows } from "@/components/table/packed-rows";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { TypedDelete } from "@/components/ui/danger-zone";
import { ExportLink } from "@/components/ui/export-link";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import { can } from "@/lib/authz/can";
import { decodeSegment } from "@/lib/kernel/decode-segment";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getModelPage } from "@/lib/models/get-model-page";
import { listModelVersionRows } from "@/lib/models/list-version-rows";
import { attempt } from "../../../../../attempt";
import { ProjectLive } from "../../../../../project-live";
import { refusalOf } from "../../../../../refusal";
import { ThingAccess } from "../../../../thing-access";
import { removeModel } from "../actions";
import { FailurePage } from "../../../../../failure-page";
import { bulkPlace } from "../../acts/bulk-place";
import { entriesOf } from "../../../../read-thing";

export const metadata: Metadata = { title: "Model" };

const TABS = ["versions", "stages", "documentation", "access", "audit"] as const;

export default page("model:read", async ({ context, place, params, searchParams }) => {
  const { workspace, project } = place;
  const name = decodeSegment(params.model ?? "");
  if (!workspace || !project || !name) notFound();
  const { actor } = context;
  const base = projectPath(workspace.slug, project.name);
  const path = modelPath(base, name);
  const tab = TABS.find((known) => known === searchParams.tab) ?? "versions";
  const view = readListView(VERSIONS_OF_MODEL, searchParams);
  const { zone } = await requestPreferences();
  const mayReadAudit = can(actor, "audit-entry:read", { workspaceId: workspace.id, ownerId: actor.id }).allowed;
  const readAt = new Date().toISOString();
  const { data, failure } = await attempt(context, async () => {
    const model = await ask(getModelPage, context, { projectId: project.id, name });
    const versions =
      tab === "versions"
        ? await ask(listModelVersionRows, context, {
            projectId: project.id,
            modelId: model.id,
            ...pageInput(VERSIONS_OF_MODEL, view, ROWS_PER_PAGE, Date.now(), zone),
          })
        : null;
    const entries = tab === "audit" && mayReadAudit ? await entriesOf(context, model.id) : null;
    return { model, versions, entries };
  });
  const crumbs = [{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Models", href: listPath(base, "models") }, { label: name }];
  if (failure) return <FailurePage crumbs={crumbs} failure={failure} />;
  const { model, versions, entries } = data;
  const target = { workspaceId: workspace.id, projectId: project.id, ownerId: model.ownerId, thing: { type: "model", id: model.id, name: model.name } };
  const mayNot = {
    update: refusalOf(actor, "model:update", target, "Changing this model is not in your role"),
    delete: refusalOf(actor, "model:delete", target, "Deleting this model is not in your role"),
  };
  const counts = { versions: model.versions, stages: model.stages.length, documentation: undefined, access: undefined, audit: entries?.total.count };
  const version = (of: string | null) => <VersionLink base={base} model={model.name} version={of} />;
  return (
    <ConsolePage fills={tab === "versions"} crumbs={crumbs}>
      <PageHead
        title={model.name}
        actions={
          <>
            <ProjectLive context={context} place={place} since={readAt} />
            <CopyAsCli
              command={`zenml model version list -n ${shellWord(model.name)}`}
              python={`from zenml.client import Client\n\nmodel = Client().get_model(${JSON.stringify(model.name)})`}
            />
            <ExportLink href={`${listPath(base, "model-versions")}/export?f=${encodeURIComponent(filterOf("model", "is", model.name))}`} />
            {mayNot.delete ? (
              <RefusedControl label="Delete this model" refusal={mayNot.delete} />
            ) : (
              <TypedDelete
                noun="model"
                name={model.name}
                action={removeModel}
                fields={{ workspace: workspace.slug, id: model.id }}
                doneHref={listPath(base, "models")}
                preview={
                  <>
                    <p>
                      <b>Ends:</b> the model with {counted(model.versions, "version")}, their stages, metadata, tags and links
                      {model.production ? `. Version ${model.production} is in production.` : "."}
                    </p>
                    <p>
                      <b>Stay:</b> the artifacts and runs of its versions, which then name no version; and every entry of the audit trail.
                    </p>
                  </>
                }
              />
            )}
          </>
        }
      />
      <FactsStrip
        facts={[
          { label: "In production", value: version(model.production) },
          { label: "In staging", value: version(model.staging) },
          {
            label: "Newest version",
            value: model.latest ? (
              <>
                {version(model.latest.name)}
                <span className="text-ink-3">
                  <Time at={model.latest.at} />
                </span>
              </>
            ) : (
              <span className="text-ink-3">no version yet</span>
            ),
          },
          { label: "Versions", value: countWords(model.versions) },
          { label: "Owner", value: <WhoChip person={model.by} /> },
          { label: "Created", value: <Time at={model.createdAt} /> },
          {
            label: "Tags",
            value: (
              <EditTags workspace={workspace.slug} kind="model" id={model.id} names={model.tags} refusal={mayNot.update} list={listPath(base, "models")} />
            ),
          },
        ]}
      />
      <LinkTabs
        label="Parts of the model"
        tabs={TABS.map((one) => ({
          href: `${path}${one === "versions" ? "" : `?tab=${one}`}`,
          label: one.charAt(0).toUpperCase() + one.slice(1),
          count: counts[one],
          isCurrent: tab === one,
        }))}
      />
      {versions ? (
        <ModelVersionsTable
          isOfOneModel
          base={base}
          path={path}
          rows={packRows(versions.rows)}
          view={view}
          total={versions.total}
          next={versions.next}
          countsWithout={versions.countsWithout}
          bulk={{ ...bulkPlace("model-versions", { context, place }), within: [{ field: "model", op: "is", values: [model.name] }] }}
          empty={
            <EmptyState title="This model has no version yet.">
              <p>A run of a pipeline that names it makes one. Or register one:</p>
              <CliBox command={`zenml model version register ${shellWord(model.name)}`} />
            </EmptyState>
          }
        />
      ) : (
        <div className="pad-x py-5">
          {tab === "stages" && <StageLanes base={base} model={model.name} intervals={model.stages} auditPath={`/${workspace.slug}/audit`} />}
          {tab === "documentation" && (
            <Documentation
              documentation={model.documentation}
              edit={
                mayNot.update ? (
                  <RefusedControl label="Edit documentation" refusal={mayNot.update} />
                ) : (
                  <EditDocumentation workspace={workspace.slug} model={model} />
                )
              }
            />
          )}
          {tab === "access" && (
            <ThingAccess
              context={context}
              workspace={workspace}
              project={project}
              thing={{ type: "model", id: model.id, name: model.name }}
              ownerId={model.ownerId}
              owner={model.by?.name ?? null}
            />
          )}
          {tab === "audit" && <ThingEntries noun="model" entries={entries?.rows ?? null} auditPath={`/${workspace.slug}/audit`} thingId={model.id} />}
        </div>
      )}
    </ConsolePage>
  );
});
