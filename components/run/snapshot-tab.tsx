import Link from "next/link";
import { kindTitle } from "@/lib/components/schema";
import { CopyButton } from "@/components/ui/copy-button";
import { DownloadText } from "@/components/ui/download-text";
import { EvidenceChip, NotRecorded } from "@/components/ui/evidence";
import { FactList } from "@/components/ui/facts";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import type { RunSnapshot } from "@/lib/runs/snapshot-schema";
import { JsonView } from "./json-view";
import { PackageList } from "./package-list";
import { SourceCode } from "./run-error";

/** What the run was started with: declared by the client's machine, and observed where it ran. `base` is the workspace's path. */
export function SnapshotTab({ snapshot, base, stepHref }: { snapshot: RunSnapshot; base: string; stepHref: (step: string) => string }) {
  const { declared, observed } = snapshot;
  const lines = snapshot.pipelineSource?.replace(/\s+$/, "").split("\n");
  return (
    <div className="grid gap-x-10 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] [&>*]:min-w-0">
      <div>
        <Section title="Code">
          <FactList
            facts={[
              {
                label: "Digest",
                value: <EvidenceChip digest={snapshot.codeDigest} seal="claimed" algorithm="As the client computed it" what="Code of the run" />,
              },
              { label: "Stored at", value: snapshot.codePath ? <code>{snapshot.codePath}</code> : <NotRecorded /> },
              { label: "Pipeline version", value: snapshot.versionHash ? <code>{snapshot.versionHash}</code> : <NotRecorded /> },
              { label: "Compiled", value: <Time at={snapshot.createdAt} /> },
              { label: "Snapshot", value: snapshot.name ? snapshot.name : <code>{snapshot.id}</code> },
            ]}
          />
          {lines && snapshot.pipelineSource && (
            <details className="mt-2">
              <summary className="cursor-pointer text-ink-2">The pipeline’s code as it was sent, {counted(lines.length, "line")}</summary>
              <div className="flex justify-end">
                <CopyButton text={snapshot.pipelineSource} label="Copy code" />
                <DownloadText text={snapshot.pipelineSource} file={`${(snapshot.pipeline ?? "pipeline").replace(/[^\w.-]+/g, "_")}.py`} label="Download code" />
              </div>
              <SourceCode lines={lines} />
            </details>
          )}
        </Section>
        <Section title="Parameters" count={snapshot.parameters.length > 0 ? countWords(snapshot.parameters.length) : undefined}>
          {snapshot.parameters.length > 0 ? (
            <FactList
              facts={snapshot.parameters.map(({ name, value }) => ({
                label: name,
                value: <code className="text-ink">{value}</code>,
              }))}
            />
          ) : (
            <p className="text-ink-3">The pipeline has none. Those of each step stand in its panel.</p>
          )}
        </Section>
        <Section title="Secrets" count={snapshot.secrets.length > 0 ? countWords(snapshot.secrets.length) : undefined}>
          {snapshot.secrets.length > 0 ? (
            <>
              <ul>
                {snapshot.secrets.map(({ name, of }) => (
                  <li key={`${of} ${name}`} className="flex min-h-[30px] items-center gap-3 border-b border-rule">
                    <code className="min-w-0 flex-1 break-all text-ink">{name}</code>
                    <span className="text-ink-3">
                      {of === null ? (
                        "the pipeline"
                      ) : (
                        <Link className="link" href={stepHref(of)} scroll={false}>
                          {of}
                        </Link>
                      )}
                    </span>
                  </li>
                ))}
              </ul>
              <p className="mt-1 text-meta text-ink-3">Names that the configuration asks for. Whether they were read is not recorded.</p>
            </>
          ) : (
            <p className="text-ink-3">The configuration asks for none.</p>
          )}
        </Section>
        <Section title="Stack components" count={snapshot.stack ? snapshot.stack.name : undefined}>
          {snapshot.components.length > 0 ? (
            <>
              <PlainTable
                label="Stack components"
                columns={[{ label: "Kind" }, { label: "Component" }, { label: "Flavor" }]}
                rows={snapshot.components.map((component) => ({
                  key: component.id,
                  cells: [
                    kindTitle(component.type),
                    <Link key="name" className="link" href={`${base}/components/${component.id}`}>
                      {component.name}
                    </Link>,
                    component.flavor,
                  ],
                }))}
              />
              <p className="mt-1 text-meta text-ink-3">As the stack is now. The client records the stack’s id, not its parts.</p>
            </>
          ) : (
            (snapshot.stack && <p className="text-ink-3">The stack has no components now.</p>) || <NotRecorded what="Stack" />
          )}
        </Section>
      </div>
      <div className="max-lg:mt-6 max-lg:border-t max-lg:border-rule max-lg:pt-3">
        <Section title="Environment">
          <PlainTable
            label="Environment, declared and observed"
            columns={[{ label: "" }, { label: "Declared at the start" }, { label: "Observed where it ran" }]}
            rows={[
              ["Python", declared.pythonVersion, observed?.pythonVersion],
              ["System", declared.operatingSystem, observed?.operatingSystem],
              ["zenml", declared.clientVersion, observed?.clientVersion],
              ["Packages", declared.packages && countWords(declared.packages.length), observed?.packages && countWords(observed.packages.length)],
              ["Image", null, null],
            ].map(([label, was, is]) => ({
              key: String(label),
              cells: [
                <span key="label" className="text-ink-3">
                  {label}
                </span>,
                was ?? <NotRecorded key="was" isPlain />,
                is ?? <NotRecorded key="is" isPlain />,
              ],
            }))}
          />
        </Section>
        <Section title="Configuration">
          {snapshot.configuration ? (
            <>
              <JsonView text={snapshot.configuration} label="Configuration" />
              <p className="mt-1 text-meta text-ink-3">Values of environment variables, and what looks like a secret, are left out.</p>
            </>
          ) : (
            <NotRecorded what="Configuration" />
          )}
        </Section>
        <Section title="Packages" count={declared.packages ? countWords(declared.packages.length) : undefined}>
          {declared.packages ? <PackageList packages={declared.packages} isNarrow /> : <NotRecorded what="Package list" />}
        </Section>
      </div>
    </div>
  );
}
