import type { Metadata } from "next";
import { JOB_LIST, JOBS_PER_PAGE } from "@/components/bulk/job-lists";
import { hasEnded } from "@/components/bulk/job-progress";
import { JobsTable } from "@/components/bulk/jobs-table";
import { ConsolePage } from "@/components/shell/console-page";
import { InView } from "@/components/table/in-view";
import { ListFailure } from "@/components/table/list-failure";
import { Poll } from "@/components/table/poll";
import { ExportLink } from "@/components/ui/export-link";
import { PageHead } from "@/components/ui/page-head";
import { EmptyState } from "@/components/ui/states";
import { listJobs } from "@/lib/bulk/get-job";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { drawnList, readList } from "../../read-list";

export const metadata: Metadata = { title: "Jobs" };

export default page("workspace:read", async (args) => {
  const { workspace } = args.place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const path = `/${workspace.slug}/jobs`;
  const { data: list, failure, view, search } = await readList(args, JOB_LIST, JOBS_PER_PAGE, (input) => ask(listJobs, args.context, input));
  return (
    <ConsolePage fills crumbs={[{ label: workspace.slug, href: `/${workspace.slug}` }, { label: "Jobs" }]}>
      {list?.rows.some((job) => !hasEnded(job.state)) && <Poll seconds={2} />}
      <PageHead isInBar title="Jobs" beside={list && <InView total={list.total} />} actions={<ExportLink href={`${path}/export${search}`} />} />
      {failure ? (
        <ListFailure failure={failure} path={path} />
      ) : (
        <JobsTable
          path={path}
          {...drawnList(list, view)}
          empty={
            <EmptyState title="Nothing was done to many things at once yet.">
              <p>Choose rows in a list, and what to do with them. The server does it as a job, and what came of each row stays here.</p>
            </EmptyState>
          }
        />
      )}
    </ConsolePage>
  );
});
