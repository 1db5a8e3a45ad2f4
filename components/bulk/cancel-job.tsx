"use client";

import { cancelArtifactJob, cancelModelJob, cancelPipelineJob, cancelRunJob } from "@/app/(console)/[workspace]/projects/[project]/acts/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { BULK_LISTS, type BulkList } from "@/lib/bulk/schema";

const ACTIONS = { run: cancelRunJob, pipeline: cancelPipelineJob, artifact: cancelArtifactJob, model: cancelModelJob } as const;

/** Ends a job before it is through. */
export function CancelJob({ workspace, jobId, list }: { workspace: string; jobId: string; list: BulkList }) {
  return (
    <ActionDialog
      label="Cancel job…"
      icon="ban"
      title="Cancel this job"
      action={ACTIONS[BULK_LISTS[list].noun]}
      hidden={{ workspace, jobId }}
      submit="Cancel job"
      said={() => "Cancelled the job."}
    >
      {() => <p>What is done stays done. The {BULK_LISTS[list].one} in hand is finished, the others are left as they are.</p>}
    </ActionDialog>
  );
}
