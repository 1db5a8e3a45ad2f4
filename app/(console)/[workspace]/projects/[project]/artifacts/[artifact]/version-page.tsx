import Link from "next/link";
import { notFound } from "next/navigation";
import { CompareChoice } from "@/components/artifact/compare-choice";
import { DataPreview } from "@/components/artifact/data-preview";
import { DeleteVersion } from "@/components/artifact/delete-version";
import { DownloadButton } from "@/components/artifact/download-button";
import { ProducerLink } from "@/components/artifact/producer-link";
import { UsedBy } from "@/components/artifact/used-by";
import { VersionCompare } from "@/components/artifact/version-compare";
import { ContentChip, VersionFactList } from "@/components/artifact/version-facts";
import { VersionRail } from "@/components/artifact/version-rail";
import { VersionUses } from "@/components/artifact/version-uses";
import { Visualizations } from "@/components/artifact/visualizations";
import { artifactIcon, kindWord, versionWord } from "@/components/artifact/words";
import { ThingEntries } from "@/components/audit/thing-entries";
import { artifactVersionPath, filterOf, listPath, projectPath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { shellWord } from "@/components/stack/stack-cli";
import { EditTags } from "@/components/tag/edit-tags";
import { Badge } from "@/components/ui/badge";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { NotRecorded } from "@/components/ui/evidence";
import { FactsStrip } from "@/components/ui/facts";
import { Icon } from "@/components/ui/icon";
import { PageHead, Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { sizeWords } from "@/components/ui/size-words";
import { LinkTabs } from "@/components/ui/tabs";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { listArtifactRows } from "@/lib/artifacts/list-artifact-rows";
import { getVersionFacts, getVersionPage, listRail } from "@/lib/artifacts/get-version-page";
import type { VersionPage } from "@/lib/artifacts/row-schema";
import { can } from "@/lib/authz/can";
import { AppError } from "@/lib/kernel/errors";
import type { PageArguments } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../../../../attempt";
import { ProjectLive } from "../../../../../project-live";
import { refusalOf } from "../../../../../refusal";
import { ThingAccess } from "../../../../thing-access";
import { NoVersions } from "./no-versions";
import { FailurePage } from "../../../../../failure-page";
import { entriesOf } from "../../../../read-thing";

const TABS = ["overview", "uses", "compare", "access", "audit"] as const;
const LABELS = { overview: "Overview", uses: "Used by", compare: "Compare", access: "Access", audit: "Audit" } as const;

type Arguments = Omit<PageArguments, "params"> & { artifact: string /** Null for the newest. */; version: string | null };

const textOf = (value: string | string[] | undefined) => (typeof value === "string" ? value.slice(0, 255) : "");

/** The page of a version, beside the other versions of its artifact. */
export async function versionPage({ context, place, searchParams, artifact, version: asked }: Arguments) {
  const { workspace, project } = place;
  if (!workspace || !project) throw new Error("The path of this page names a workspace and a project.");
  const base = projectPath(workspace.slug, project.name);
  const readAt = new Date().toISOString();
  const tab = TABS.find((known) => known === searchParams.tab) ?? "overview";
  const find = textOf(searchParams.find);
  const crumbs = [
    { label: workspace.slug, href: `/${workspace.slug}` },
    { label: "Artifacts", href: listPath(base, "artifacts") },
  ];
  const { data, failure } = await attempt(context, async () => {
    const opened = await ifThere(
      Promise.all([
        ask(getVersionPage, context, { projectId: project.id, artifact, version: asked }),
        ask(listRail, context, { projectId: project.id, artifact, around: asked, text: find }),
      ]),
    );
    const bare = opened || asked !== null ? undefined : await findBare(context, project.id, artifact);
    if (bare) return { bare };
    if (!opened) notFound();
    const [version, rail] = opened;
    const nearest = rail.versions[rail.versions.findIndex((one) => one.id === version.id) + 1]?.version ?? null;
    const other = textOf(searchParams.with) || nearest;
    const mayReadAudit = can(context.actor, "audit-entry:read", { workspaceId: workspace.id, ownerId: context.actor.id }).allowed;
    const [compared, entries] = await Promise.all([
      tab === "compare" && other && other !== version.version
        ? compareWith(() => ask(getVersionFacts, context, { projectId: project.id, artifact, version: other }))
        : null,
      tab === "audit" && mayReadAudit ? entriesOf(context, version.id) : null,
    ]);
    return { version, rail, other, compared, entries };
  });
  if (failure) return <FailurePage crumbs={[...crumbs, { label: artifact }]} failure={failure} />;

  if (data.bare) return <NoVersions base={base} crumbs={crumbs} artifact={data.bare} />;
  const { version, rail, other, compared, entries } = data;
  const path = artifactVersionPath(base, version.artifact, version.version);
  const owned = {
    workspaceId: workspace.id,
    projectId: project.id,
    ownerId: version.ownerId,
    partOf: version.artifactId,
    thing: { type: "artifact_version", id: version.id, name: `${version.artifact} ${version.version}` },
  };
  const mayNotDownload = refusalOf(context.actor, "artifact:download", owned, "Downloading artifacts is not in your role");
  const tags = (
    <EditTags
      workspace={workspace.slug}
      kind="artifact_version"
      id={version.id}
      names={version.tags}
      refusal={refusalOf(context.actor, "artifact:update", owned, "Changing the tags of this version is not in your role")}
      list={listPath(base, "artifact-versions")}
    />
  );
  const load = `from zenml.client import Client\n\nversion = Client().get_artifact_version(${JSON.stringify(version.artifact)}, ${JSON.stringify(version.version)})\ndata = version.load()`;
  return (
    <ConsolePage
      crumbs={[
        ...crumbs,
        { label: version.artifact, href: listPath(base, "artifact-versions", filterOf("artifact", "is", version.artifact)) },
        { label: versionWord(version.version) },
      ]}
    >
      <PageHead
        title={
          <span className="inline-flex min-w-0 items-center gap-2">
            <Icon name={artifactIcon(version.type)} size={20} className="text-ink-3" />
            <span className="min-w-0 break-words">{version.artifact}</span>
          </span>
        }
        beside={
          <>
            <span className="text-ink-3" title={version.version}>
              {versionWord(version.version)}
            </span>
            {version.isLatest && <Badge>Latest</Badge>}
          </>
        }
        actions={
          <>
            <ProjectLive context={context} place={place} since={readAt} />
            <CopyAsCli
              command={`zenml artifact version list --artifact ${shellWord(`equals:${version.artifact}`)} --version ${shellWord(`equals:${version.version}`)}`}
              python={load}
            />
            <DownloadButton workspace={workspace.slug} project={project.name} versionId={version.id} refusal={mayNotDownload} />
            <DeleteVersion
              workspace={workspace.slug}
              project={base}
              version={{ id: version.id, artifact: version.artifact, version: version.version }}
              refusal={refusalOf(context.actor, "artifact:delete", owned, "Deleting artifact versions is not in your role")}
            />
          </>
        }
      />
      <FactsStrip
        facts={[
          { label: "Content", value: <ContentChip version={version} /> },
          { label: "Type", value: kindWord(version.type) },
          { label: "Producer", value: <ProducerLink project={base} producer={version.producer} isPlain={false} /> },
          {
            label: "Used by",
            value: <UsedBy noun="step" reads={version.readBy} models={version.models} readsHref={`${path}?tab=uses`} modelsHref={`${path}?tab=uses`} />,
          },
          { label: "Size", value: version.sizeBytes === null ? <NotRecorded /> : sizeWords(version.sizeBytes) },
          { label: "Made", value: <Time at={version.createdAt} /> },
        ]}
      />
      <LinkTabs
        label="Parts of the version"
        tabs={TABS.map((id) => ({
          href: artifactVersionPath(base, version.artifact, version.version, { tab: id === "overview" ? undefined : id, find: find || undefined }),
          label: LABELS[id],
          count: id === "uses" && version.readBy.isExact ? version.readBy.count + version.models.count : undefined,
          isCurrent: tab === id,
        }))}
      />
      <div className="lg:grid lg:grid-cols-[240px_minmax(0,1fr)] min-[1360px]:grid-cols-[240px_minmax(0,1fr)_340px]">
        <VersionRail
          key={find}
          project={base}
          artifact={version.artifact}
          open={version.version}
          tab={tab === "overview" ? undefined : tab}
          rail={rail}
          text={find}
          count={version.versionCount}
        />
        <div className="pad-x min-w-0 py-5">
          <p className="mb-4 lg:hidden">
            <Link className="link" href={listPath(base, "artifact-versions", filterOf("artifact", "is", version.artifact))}>
              All {countWords(version.versionCount)} versions
            </Link>
          </p>
          <div>
            {tab === "overview" && <Overview version={version} load={load} workspace={workspace.slug} project={project.name} mayNotDownload={mayNotDownload} />}
            {tab === "uses" && <VersionUses version={version} project={base} />}
            {tab === "compare" && (
              <>
                <CompareChoice open={version.version} other={other} rail={rail} path={path} />
                {compared?.facts && <VersionCompare left={version} right={compared.facts} />}
                {compared?.missing && <p className="text-ink-3">{compared.missing}</p>}
                {!compared && <p className="text-ink-3">There is no older version to compare with. Write another one.</p>}
              </>
            )}
            {tab === "access" && (
              <ThingAccess
                context={context}
                workspace={workspace}
                project={project}
                thing={{ type: "artifact", id: version.artifactId, name: version.artifact }}
                ownerId={version.ownerId}
                owner={version.by?.name ?? null}
              />
            )}
            {tab === "audit" && <ThingEntries noun="version" entries={entries?.rows ?? null} auditPath={`/${workspace.slug}/audit`} thingId={version.id} />}
          </div>
        </div>
        <aside
          aria-label="Facts"
          className="pad-x min-w-0 py-5 max-[1359px]:border-t max-[1359px]:border-rule min-[1360px]:border-l min-[1360px]:border-rule lg:max-[1359px]:col-start-2"
        >
          <VersionFactList version={version} project={base} workspace={`/${workspace.slug}`} tags={tags} />
        </aside>
      </div>
    </ConsolePage>
  );
}

/** The artifact of a name, where it has no version. */
async function findBare(context: PageArguments["context"], projectId: string, name: string) {
  const conditions = [
    { field: "name", op: "equals" as const, value: name },
    { field: "versions", op: "equals" as const, value: "0" },
  ];
  const { rows } = await ask(listArtifactRows, context, { projectId, conditions, sort: { field: "name", direction: "asc" }, limit: 1 });
  return rows[0];
}

/** A version that is not there is said in its place; other errors are the page's. */
async function compareWith<T>(read: () => Promise<T>): Promise<{ facts?: T; missing?: string }> {
  const facts = await ifThere(read());
  return facts === undefined ? { missing: "This artifact has no version of that name." } : { facts };
}

/** What is read, undefined where there is no such thing. */
async function ifThere<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof AppError && error.code === "not_found") return undefined;
    throw error;
  }
}

type OverviewProps = { version: VersionPage; load: string; workspace: string; project: string; mayNotDownload: ReturnType<typeof refusalOf> };

function Overview({ version, load, workspace, project, mayNotDownload }: OverviewProps) {
  return (
    <>
      <Section title="Visualizations" count={countWords(version.visualizations.length)}>
        <Visualizations workspace={workspace} project={project} items={version.visualizations} />
      </Section>
      <Section title="Data">
        <DataPreview key={version.id} workspace={workspace} project={project} versionId={version.id} refusal={mayNotDownload} />
      </Section>
      <Section title="Metadata" count={countWords(version.metadata.length)}>
        {version.metadata.length > 0 ? (
          <PlainTable
            label="Metadata"
            columns={[{ label: "Key" }, { label: "Value", className: "max-w-[480px] break-words" }, { label: "Type" }, { label: "Logged" }]}
            rows={version.metadata.map((row) => ({
              key: row.key,
              cells: [
                <code key="key">{row.key}</code>,
                <code key="value" className="text-ink">
                  {row.value}
                </code>,
                <span key="type" className="text-ink-3">
                  {row.type}
                </span>,
                <Time key="at" at={row.at} />,
              ],
            }))}
          />
        ) : (
          <p className="text-ink-3">No metadata was logged on this version.</p>
        )}
      </Section>
      <Section title="Load it">
        <CliBox command={load} label="Copy call" />
      </Section>
    </>
  );
}
