import Link from "next/link";
import { modelVersionPath } from "@/components/project/paths";
import { versionWord } from "@/components/artifact/words";

/** A version of a model as a link; a dash where there is none. */
export function VersionLink({ base, model, version }: { base: string; model: string; version: string | null }) {
  if (!version) return <span className="text-ink-3">–</span>;
  return (
    <Link href={modelVersionPath(base, model, version)} className="link">
      {versionWord(version)}
    </Link>
  );
}
