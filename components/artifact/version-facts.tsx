import Link from "next/link";
import type { ReactNode } from "react";
import { ProducerLink } from "@/components/artifact/producer-link";
import { artifactVersionPath } from "@/components/project/paths";
import { CopyButton } from "@/components/ui/copy-button";
import { EvidenceChip, NotRecorded } from "@/components/ui/evidence";
import { type Fact, FactList } from "@/components/ui/facts";
import { sizeWords } from "@/components/ui/size-words";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { VersionPage } from "@/lib/artifacts/row-schema";
import { countOf, kindWord, savedWord, versionWord } from "./words";

/** The digest of a version's content, as the client computed it. */
export function ContentChip({ version }: { version: Pick<VersionPage, "artifact" | "version" | "contentHash"> }) {
  return (
    <EvidenceChip
      digest={version.contentHash}
      seal="claimed"
      algorithm="As the client computed it"
      what={`${version.artifact} ${versionWord(version.version)}`}
    />
  );
}

/** What is recorded of a version, in two columns. `project` is the project's path, `workspace` the workspace's. */
export function VersionFactList({ version, project, workspace, tags }: { version: VersionPage; project: string; workspace: string; tags: ReactNode }) {
  const uses = artifactVersionPath(project, version.artifact, version.version, { tab: "uses" });
  const facts: Fact[] = [
    { label: "Content", value: <ContentChip version={version} /> },
    {
      label: "URI",
      value: (
        <span className="flex min-w-0 items-start gap-1">
          <code>{version.uri}</code>
          <CopyButton text={version.uri} label="Copy URI" />
        </span>
      ),
    },
    {
      label: "Store",
      value:
        version.store && version.storeId ? (
          <>
            <Link className="link" href={`${workspace}/components/${version.storeId}`}>
              {version.store}
            </Link>
            {version.storeFlavor && <span className="text-ink-3">{version.storeFlavor}</span>}
          </>
        ) : (
          <NotRecorded />
        ),
    },
    { label: "Type", value: kindWord(version.type) },
    { label: "Data type", value: version.dataType ? <code>{version.dataType}</code> : <NotRecorded /> },
    { label: "Materializer", value: version.materializer ? <code>{version.materializer}</code> : <NotRecorded /> },
    { label: "Items", value: version.items === null ? <NotRecorded /> : countWords(version.items) },
    {
      label: "Size",
      value: version.sizeBytes === null ? <NotRecorded /> : <span title={`${countWords(version.sizeBytes)} bytes`}>{sizeWords(version.sizeBytes)}</span>,
    },
    { label: "Producer", value: <ProducerLink project={project} producer={version.producer} isPlain={false} /> },
    { label: "Saved as", value: savedWord(version.saveType) },
    {
      label: "Read by",
      value:
        version.readBy.count === 0 ? (
          <span className="text-ink-3">no step</span>
        ) : (
          <Link className="link" href={uses}>
            {countOf(version.readBy, "step", "steps")}
          </Link>
        ),
    },
    {
      label: "Linked to",
      value:
        version.models.count === 0 ? (
          <span className="text-ink-3">no model</span>
        ) : (
          <Link className="link" href={uses}>
            {countOf(version.models, "model version", "model versions")}
          </Link>
        ),
    },
    { label: "Tags", value: tags },
    { label: "Made", value: <Time at={version.createdAt} /> },
    { label: "Made by", value: <WhoChip person={version.by} /> },
    { label: "Request", value: <code>{version.requestId}</code> },
  ];
  return <FactList facts={facts} />;
}
