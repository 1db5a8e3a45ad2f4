import Link from "next/link";
import { modelVersionPath, pipelinePath } from "@/components/project/paths";
import { EvidenceChip, NotRecorded } from "@/components/ui/evidence";
import { type Fact, FactsStrip } from "@/components/ui/facts";
import { counted } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { RunHead } from "@/lib/runs/head-schema";
import { versionWord } from "@/components/artifact/words";
import { NONE } from "@/components/table/usual-columns";

/** Origins that a change request belongs to; what somebody started by hand has none. */
const FROM_A_CHANGE = new Set(["ci", "api", "agent", "schedule"]);

type Props = { run: RunHead; base: string; project: string; snapshotHref: string };

/** The facts of a run, evidence first. `base` is the workspace's path, `project` the project's. */
export function RunFacts({ run, base, project, snapshotHref }: Props) {
  const facts: Fact[] = [
    { label: "Started by", value: <WhoChip person={run.startedBy} origin={run.origin} onBehalfOf={run.onBehalfOf} /> },
    { label: "Change request", value: FROM_A_CHANGE.has(run.origin) ? <NotRecorded /> : NONE },
    { label: "Code", value: <EvidenceChip digest={run.codeDigest} seal="claimed" algorithm="As the client computed it" what="Code of the run" /> },
    { label: "Image", value: <NotRecorded /> },
    {
      label: run.packages ? counted(run.packages.count, "package") : "Packages",
      value: !run.packages ? (
        <NotRecorded />
      ) : run.packages.digest ? (
        <EvidenceChip digest={run.packages.digest} what="Package list as it was sent" />
      ) : (
        <Link className="link" href={snapshotHref} scroll={false}>
          as sent
        </Link>
      ),
    },
    {
      label: "Stack",
      value: run.stack ? (
        <Link className="link" href={`${base}/stacks/${run.stack.id}`}>
          {run.stack.name}
        </Link>
      ) : (
        <NotRecorded />
      ),
    },
    {
      label: "Pipeline",
      value: run.pipeline ? (
        <Link className="link" href={pipelinePath(project, run.pipeline)}>
          {run.pipeline}
        </Link>
      ) : (
        NONE
      ),
    },
    {
      label: "Model",
      value: run.model ? (
        <Link className="link" href={modelVersionPath(project, run.model.name, run.model.version)}>
          {run.model.name} {versionWord(run.model.version)}
        </Link>
      ) : (
        NONE
      ),
    },
  ];
  return <FactsStrip facts={facts} />;
}
