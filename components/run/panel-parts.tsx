import Link from "next/link";
import type { ReactNode } from "react";
import { artifactIcon, versionWord } from "@/components/artifact/words";
import { EvidenceChip } from "@/components/ui/evidence";
import { Icon } from "@/components/ui/icon";

/** A part of a panel, under its label. */
export function PanelSection({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="mt-4 first:mt-0">
      <div className="mb-0.5 flex items-center gap-2">
        <h3 className="text-label text-ink-3">{title}</h3>
        {aside && <span className="ml-auto text-meta text-ink-3">{aside}</span>}
      </div>
      {children}
    </section>
  );
}

/** A ruled row of a panel: what at the left, its value or proof at the right. */
export function PanelRow({ children, end }: { children: ReactNode; end?: ReactNode }) {
  return (
    <div className="flex min-h-[30px] items-center gap-x-3 gap-y-0.5 border-b border-rule py-1 max-md:min-h-10">
      <span className="flex min-w-0 flex-1 items-center gap-2 text-ink">{children}</span>
      {end && <span className="flex min-w-0 shrink-0 items-center gap-2">{end}</span>}
    </div>
  );
}

type Artifact = { name: string; artifact: string; version: string; type: string; contentHash: string | null };

/** An artifact version as a row, with the digest of its content. */
export function ArtifactRow({ artifact, href, note }: { artifact: Artifact; href: string; note?: ReactNode }) {
  return (
    <PanelRow
      end={
        <EvidenceChip
          digest={artifact.contentHash}
          seal="claimed"
          algorithm="As the client computed it"
          what={`${artifact.artifact} ${versionWord(artifact.version)}`}
        />
      }
    >
      <Icon name={artifactIcon(artifact.type)} size={15} className="text-ink-3" />
      <span className="min-w-0">
        <Link href={href} scroll={false} className="link break-words">
          {artifact.artifact}
        </Link>{" "}
        <span className="whitespace-nowrap text-ink-3">{versionWord(artifact.version)}</span>
        {note && <span className="block text-meta text-ink-3">{note}</span>}
      </span>
    </PanelRow>
  );
}

/** A name in mono and its value. Long values wrap below it. */
export function ValueRow({ name, value, note }: { name: string; value: string; note?: ReactNode }) {
  return (
    <div className="flex min-h-[30px] flex-wrap items-center gap-x-3 border-b border-rule py-1 max-md:min-h-10">
      <code className="min-w-0 break-all text-ink-2">{name}</code>
      <span className="ml-auto flex min-w-0 max-w-full flex-wrap items-center justify-end gap-x-2 text-right">
        {note}
        <code className="min-w-0 break-all text-ink">{value}</code>
      </span>
    </div>
  );
}
