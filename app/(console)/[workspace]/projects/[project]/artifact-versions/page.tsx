import type { Metadata } from "next";
import { ROWS_PER_PAGE, VERSION_LIST } from "@/components/artifact/lists";
import { VersionsTable } from "@/components/artifact/versions-table";
import { listPath } from "@/components/project/paths";
import { leftOutWords, listCommand } from "@/components/stack/stack-cli";
import { CliBox } from "@/components/ui/cli-box";
import { CopyAsCli } from "@/components/ui/copy-as-cli";
import { EmptyState } from "@/components/ui/states";
import { LinkTabs } from "@/components/ui/tabs";
import { listVersionRows } from "@/lib/artifacts/list-version-rows";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { bulkPlace } from "../acts/bulk-place";
import { artifactTabs } from "../artifact-tabs";
import { ListPage, projectOf } from "../../../../list-page";

export const metadata: Metadata = { title: "Artifact versions" };

const OPTIONS = { artifact: "artifact", version: "version", type: "type", uri: "uri", tag: "tag", by: "user", model: "model", created: "created" };

export default page("artifact:read", async (args) => {
  const { project, base } = projectOf(args);
  return (
    <ListPage
      args={args}
      title="Artifacts"
      crumbs={[{ label: "Artifacts", href: listPath(base, "artifacts") }, { label: "Versions" }]}
      path={listPath(base, "artifact-versions")}
      definition={VERSION_LIST}
      perPage={ROWS_PER_PAGE}
      read={(input) => ask(listVersionRows, args.context, { projectId: project.id, ...input })}
      tabs={<LinkTabs label="Artifacts and their versions" tabs={artifactTabs(base, "artifact-versions")} />}
      cli={({ view, now, zone }) => {
        const { command, left } = listCommand("zenml artifact version list", VERSION_LIST, view, OPTIONS, now, zone);
        return <CopyAsCli command={command} note={leftOutWords(left)} />;
      }}
      isLive
      empty={
        <EmptyState title="There is no artifact version in this project yet.">
          <p>Every output of a step becomes a version of an artifact. Run a pipeline, or save one by hand:</p>
          <CliBox label="Copy call" command={'from zenml import save_artifact\n\nsave_artifact({"rows": 250_000}, name="transactions")'} />
        </EmptyState>
      }
      draw={(list) => <VersionsTable {...list} project={base} bulk={bulkPlace("artifact-versions", args)} />}
    />
  );
});
