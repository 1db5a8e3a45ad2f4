import Link from "next/link";
import { artifactIcon, versionWord } from "@/components/artifact/words";
import { EvidenceChip } from "@/components/ui/evidence";
import { Icon } from "@/components/ui/icon";
import type { StepArtifact } from "@/lib/runs/schema";

/** One artifact version: what it is called, its version, and the tally of its content. */
export function ArtifactChip({ artifact, href }: { artifact: StepArtifact; href: string }) {
  return (
    <span className="inline-flex min-w-0 max-w-full items-center gap-1.5 whitespace-nowrap">
      <Icon name={artifactIcon(artifact.type)} size={14} className="text-ink-3" />
      <Link
        href={href}
        scroll={false}
        className="truncate text-ink hover:underline hover:decoration-rule-strong hover:underline-offset-3"
        title={artifact.name === artifact.artifact ? artifact.artifact : `${artifact.artifact}, as ${artifact.name}`}
      >
        {artifact.artifact}
      </Link>
      <span className="text-ink-3">{versionWord(artifact.version)}</span>
      {artifact.contentHash && (
        <EvidenceChip
          digest={artifact.contentHash}
          seal="claimed"
          algorithm="As the client computed it"
          what={`${artifact.artifact} ${versionWord(artifact.version)}`}
        />
      )}
    </span>
  );
}
