import Link from "next/link";
import { filterOf, listPath, modelVersionPath, runPath, stepPath } from "@/components/project/paths";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import type { VersionPage, VersionUse } from "@/lib/artifacts/row-schema";
import { boundedWords, versionWord } from "./words";

/** Who read a version, which models it is linked to, and which steps gave it out. `project` is the project's path. */
export function VersionUses({ version, project }: { version: VersionPage; project: string }) {
  return (
    <>
      <Section
        title="Read by"
        count={boundedWords(version.readBy)}
        aside={
          version.readBy.count > 0 && (
            <Link className="link" href={listPath(project, "steps", filterOf("reads", "is", version.artifact))}>
              Steps that read any version
            </Link>
          )
        }
      >
        {version.readers.length > 0 ? (
          <UseTable label="Steps that read it" uses={version.readers} project={project} as="As input" />
        ) : (
          <p className="text-ink-3">No step has read this version.</p>
        )}
        {!version.readBy.isExact && <p className="mt-2 text-meta text-ink-3">The hundred newest are shown.</p>}
      </Section>
      <Section title="Models" count={boundedWords(version.models)}>
        {version.linkedModels.length > 0 ? (
          <PlainTable
            label="Model versions that it is linked to"
            columns={[{ label: "Model" }, { label: "Version" }, { label: "Stage" }, { label: "Linked" }]}
            rows={version.linkedModels.map((link) => ({
              key: `${link.model} ${link.version}`,
              cells: [
                <Link key="model" className="link text-ink" href={modelVersionPath(project, link.model, link.version)}>
                  {link.model}
                </Link>,
                versionWord(link.version),
                link.stage ? (
                  <Badge key="stage">{link.stage}</Badge>
                ) : (
                  <span key="stage" className="text-ink-3">
                    –
                  </span>
                ),
                <Time key="at" at={link.at} />,
              ],
            }))}
          />
        ) : (
          <p className="text-ink-3">It is linked to no model version.</p>
        )}
      </Section>
      <Section title="Given out by" count={String(version.writers.length)}>
        {version.writers.length > 0 ? (
          <UseTable label="Steps that gave it out" uses={version.writers} project={project} as="As output" />
        ) : (
          <p className="text-ink-3">No step gave it out: it was saved by hand, or its run was deleted.</p>
        )}
      </Section>
    </>
  );
}

function UseTable({ label, uses, project, as }: { label: string; uses: VersionUse[]; project: string; as: string }) {
  return (
    <PlainTable
      label={label}
      columns={[{ label: "Step" }, { label: as }, { label: "Status" }, { label: "Run" }, { label: "Pipeline" }, { label: "Started" }]}
      rows={uses.map((use) => ({
        key: `${use.stepRunId} ${use.as}`,
        cells: [
          <Link key="step" className="link text-ink" href={stepPath(project, use.stepRunId)}>
            {use.step}
          </Link>,
          <code key="as">{use.as}</code>,
          <Status key="status" state={use.status} />,
          <Link key="run" className="link whitespace-nowrap" href={runPath(project, use.runId)}>
            № {use.runNumber}
          </Link>,
          use.pipeline ?? (
            <span key="pipeline" className="text-ink-3">
              –
            </span>
          ),
          <Time key="at" at={use.startedAt} />,
        ],
      }))}
    />
  );
}
