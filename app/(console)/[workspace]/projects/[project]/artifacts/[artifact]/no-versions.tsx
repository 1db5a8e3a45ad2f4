import { listPath, filterOf } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { TagList } from "@/components/ui/tag";
import { Time } from "@/components/ui/time";
import Link from "next/link";
import { CliBox } from "@/components/ui/cli-box";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead } from "@/components/ui/page-head";
import { EmptyState } from "@/components/ui/states";
import type { ArtifactTableRow } from "@/lib/artifacts/row-schema";

type Props = { base: string; crumbs: { label: string; href?: string }[]; artifact: ArtifactTableRow };

/** An artifact whose versions are all deleted. */
export function NoVersions({ base, crumbs, artifact: { name, tags, updatedAt } }: Props) {
  return (
    <ConsolePage crumbs={[...crumbs, { label: name }]}>
      <PageHead title={name} />
      <FactsStrip
        facts={[
          { label: "Versions", value: "none" },
          { label: "Last version made", value: <Time at={updatedAt} /> },
          { label: "Tags", value: tags.length > 0 ? <TagList names={tags} href={(tag) => listPath(base, "artifacts", filterOf("tag", "is", tag))} /> : "none" },
        ]}
      />
      <EmptyState title="This artifact has no versions.">
        <p>
          All of them were deleted; the audit trail says by whom. A step that gives out {name} makes the next one. The artifact itself can be deleted in the{" "}
          <Link href={listPath(base, "artifacts", filterOf("name", "is", name))} className="link">
            list of artifacts
          </Link>
          .
        </p>
        <CliBox label="Copy call" command={`from zenml import save_artifact\n\nsave_artifact(data, name=${JSON.stringify(name)})`} />
      </EmptyState>
    </ConsolePage>
  );
}
