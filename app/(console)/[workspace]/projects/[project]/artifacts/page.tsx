import type { Metadata } from "next";
import { ArtifactsTable } from "@/components/artifact/artifacts-table";
import { ARTIFACT_LIST, ROWS_PER_PAGE } from "@/components/artifact/lists";
import { listPath } from "@/components/project/paths";
import { leftOutWords, listCommand } from "@/components/stack/stack-cli";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { listArtifactRows } from "@/lib/artifacts/list-artifact-rows";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { bulkPlace } from "../acts/bulk-place";
import { artifactTabs } from "../artifact-tabs";
import { ListPage, projectOf } from "../../../../list-page";

export const metadata: Metadata = { title: "Artifacts" };

const OPTIONS = { name: "name", tag: "tag", updated: "updated" };

export default page("artifact:read", async (args) => {
  const { project, base } = projectOf(args);
  return (
    <ListPage
      args={args}
      title="Artifacts"
      crumbs={[{ label: "Artifacts" }]}
      path={listPath(base, "artifacts")}
      definition={ARTIFACT_LIST}
      perPage={ROWS_PER_PAGE}
      read={(input) => ask(listArtifactRows, args.context, { projectId: project.id, ...input })}
      tabs={<LinkTabs label="Artifacts and their versions" tabs={artifactTabs(base, "artifacts")} />}
      cli={({ view, now, zone }) => {
        const { command, left } = listCommand("zenml artifact list", ARTIFACT_LIST, view, OPTIONS, now, zone);
        return <CopyAsCli command={command} note={leftOutWords(left)} />;
      }}
      exportPath={`${base}/artifacts.csv`}
      isLive
      empty={
        <EmptyState title="There is no artifact in this project yet.">
          <p>Every output of a step becomes a version of an artifact. Run a pipeline, or save one by hand:</p>
          <CliBox label="Copy call" command={'from zenml import save_artifact\n\nsave_artifact({"rows": 250_000}, name="transactions")'} />
        </EmptyState>
      }
      draw={(list) => <ArtifactsTable {...list} project={base} bulk={bulkPlace("artifacts", args)} />}
    />
  );
});
