import Link from "next/link";
import type { ReactNode } from "react";
import { VersionFactList } from "@/components/artifact/version-facts";
import { artifactIcon, boundedWords, versionWord } from "@/components/artifact/words";
import { runPath } from "@/components/project/paths";
import { CliBox } from "@/components/ui/cli-box";
import { Status } from "@/components/ui/status";
import { TagList } from "@/components/ui/tag";
import type { VersionPage, VersionUse } from "@/lib/artifacts/row-schema";
import { PanelHead } from "./panel-head";
import { PanelRow, PanelSection, ValueRow } from "./panel-parts";

type Props = {
  version: VersionPage;
  runId: string;
  /** Paths of the workspace and the project. */
  base: string;
  home: string;
  stepHref: (step: string) => string;
  neighbours: { previous: string | null; next: string | null };
  pageHref: string;
  closeHref: string;
  /** Its pictures and the way to have its content. */
  content: ReactNode;
};

const USES_SHOWN = 8;

/** One artifact version beside the run that made or read it. */
export function ArtifactPanel({ version, runId, base, home, stepHref, neighbours, pageHref, closeHref, content }: Props) {
  const uses = (list: VersionUse[]) =>
    list.slice(0, USES_SHOWN).map((use) => (
      <PanelRow
        key={`${use.stepRunId} ${use.as}`}
        end={use.runId === runId ? <span className="text-meta text-ink-3">this run</span> : <RunLink use={use} home={home} />}
      >
        <Status state={use.status} iconOnly />
        <Link className="link min-w-0 truncate" href={use.runId === runId ? stepHref(use.step) : runPath(home, use.runId, { step: use.step })} scroll={false}>
          {use.step}
        </Link>
        {use.as !== version.artifact && <span className="truncate text-meta text-ink-3">as {use.as}</span>}
      </PanelRow>
    ));
  return (
    <>
      <PanelHead
        icon={artifactIcon(version.type)}
        title={version.artifact}
        beside={<span className="shrink-0 text-ink-3">{versionWord(version.version)}</span>}
        {...neighbours}
        page={pageHref}
        close={closeHref}
      />
      <div className="pad-x pt-3 pb-8">
        {content}
        <PanelSection title="Facts">
          <VersionFactList version={version} project={home} workspace={base} tags={<TagList names={version.tags} shown={3} />} />
        </PanelSection>
        <PanelSection title="Given out by" aside={version.writers.length > 0 ? String(version.writers.length) : undefined}>
          {uses(version.writers)}
          {version.writers.length === 0 && <p className="py-1 text-ink-3">No step gave it out.</p>}
        </PanelSection>
        <PanelSection title="Read by" aside={version.readBy.count > 0 ? boundedWords(version.readBy) : undefined}>
          {uses(version.readers)}
          {version.readers.length === 0 && <p className="py-1 text-ink-3">No step has read it.</p>}
          {version.readers.length > USES_SHOWN && (
            <p className="pt-1">
              <Link className="link" href={`${pageHref}?tab=uses`}>
                All that use it
              </Link>
            </p>
          )}
        </PanelSection>
        <PanelSection title="Metadata">
          {version.metadata.map((row) => (
            <ValueRow key={row.key} name={row.key} value={row.value} />
          ))}
          {version.metadata.length === 0 && <p className="py-1 text-ink-3">Nothing was logged on it.</p>}
        </PanelSection>
        <PanelSection title="Load it">
          <CliBox
            command={`from zenml.client import Client\n\nversion = Client().get_artifact_version("${version.id}")\nvalue = version.load()`}
            label="Copy the lines that load it"
          />
        </PanelSection>
      </div>
    </>
  );
}

const RunLink = ({ use, home }: { use: VersionUse; home: string }) => (
  <Link className="link" href={runPath(home, use.runId)} title={use.pipeline ?? undefined}>
    № {use.runNumber}
  </Link>
);
