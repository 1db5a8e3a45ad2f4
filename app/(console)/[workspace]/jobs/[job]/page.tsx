import type { Metadata } from "next";
import Link from "next/link";
import { CancelJob } from "@/components/bulk/cancel-job";
import { JobItemsTable } from "@/components/bulk/job-items-table";
import { JOB_ITEM_LIST, JOBS_PER_PAGE } from "@/components/bulk/job-lists";
import { hasEnded, jobStatus, ProgressBar } from "@/components/bulk/job-progress";
import { listPath, projectPath } from "@/components/project/paths";
import { ConsolePage } from "@/components/shell/console-page";
import { Poll } from "@/components/table/poll";
import { ExportLink } from "@/components/ui/export-link";
import { FactsStrip } from "@/components/ui/facts";
import { PageHead } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import { getJob, listJobItems } from "@/lib/bulk/get-job";
import { BULK_LISTS, jobWords, OUTCOMES } from "@/lib/bulk/schema";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { FailurePage } from "../../../failure-page";
import { drawnList, readList } from "../../../read-list";
import { refusalOf } from "../../../refusal";
import { thingPlace } from "../../thing-place";

export const metadata: Metadata = { title: "Job" };

export default page("workspace:read", async (args) => {
  const { context } = args;
  const { workspace, id: jobId, path, crumbs } = thingPlace(args, "job");
  const { data, failure, view, search } = await readList(args, JOB_ITEM_LIST, JOBS_PER_PAGE, (input) =>
    Promise.all([ask(getJob, context, { jobId }), ask(listJobItems, context, { jobId, ...input })]),
  );
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Job" }]} failure={failure} listPath={path} />;
  const [job, list] = data;
  const project = projectPath(workspace.slug, job.project.name);
  const target = { workspaceId: workspace.id, projectId: job.project.id, ownerId: job.by?.id };
  const mayNotCancel = refusalOf(context.actor, `${BULK_LISTS[job.list].noun}:update`, target, "Cancelling this job is not in your role");
  const isOpen = !hasEnded(job.state);
  return (
    <ConsolePage fills crumbs={[...crumbs, { label: jobWords(job) }]}>
      {isOpen && <Poll seconds={1} />}
      <PageHead
        title={jobWords(job)}
        beside={<Status state={jobStatus(job)} />}
        below={job.reason ?? undefined}
        actions={
          <>
            <ExportLink href={`${path}/export${search}`} />
            {isOpen &&
              (mayNotCancel ? (
                <RefusedControl label="Cancel job…" refusal={mayNotCancel} />
              ) : (
                <CancelJob workspace={workspace.slug} jobId={job.id} list={job.list} />
              ))}
          </>
        }
      />
      <FactsStrip
        facts={[
          ...OUTCOMES.map(({ value, label }) => ({
            label,
            value: (
              <Link className="link tabular" href={`${path}?f=outcome~is~${value}`}>
                {countWords(job.counts[value])}
              </Link>
            ),
          })),
          { label: "Asked for by", value: job.by ? <WhoChip person={job.by} /> : "not recorded" },
          { label: "Asked for", value: <Time at={job.createdAt} /> },
          ...(job.endedAt ? [{ label: "Ended", value: <Time at={job.endedAt} /> }] : []),
          {
            label: "List",
            value: (
              <Link className="link" href={listPath(project, job.list)}>
                {BULK_LISTS[job.list].many}, {job.project.name}
              </Link>
            ),
          },
        ]}
      />
      {isOpen && (
        <div className="pad-x pt-3 pb-1">
          <ProgressBar counts={job.counts} total={job.total} />
        </div>
      )}
      <JobItemsTable
        path={path}
        list={job.list}
        project={project}
        isDeletion={job.act === "delete"}
        {...drawnList(list, view)}
        empty={<p className="pad-x py-8">This job has no rows.</p>}
      />
    </ConsolePage>
  );
});
