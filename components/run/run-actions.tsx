"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { deleteRunAction, refreshRunAction, stopRunAction } from "@/app/(console)/[workspace]/projects/[project]/runs/actions";
import { PreviewFacts, usePreview } from "@/components/bulk/preview";
import { listPath, projectPath, runPath } from "@/components/project/paths";
import { ActButton } from "@/components/ui/act-button";
import { ActionDialog } from "@/components/ui/action-dialog";
import { Button } from "@/components/ui/button";
import { DangerDialog } from "@/components/ui/form-dialog";
import { type Refusal, RefusedControl } from "@/components/ui/refused";
import { useToast } from "@/components/ui/toast";
import { StopChoice } from "./stop-choice";

type Props = {
  /** The workspace's slug and the project's name. */
  workspace: string;
  project: string;
  run: { id: string; name: string; number: number };
  /** Whether something of it can still be stopped. */
  hasEnded: boolean;
  /** Why the reader may not, by act; null where they may. */
  mayNot: { stop: Refusal | null; update: Refusal | null; delete: Refusal | null };
};

/** What one does with a run: refresh, stop, delete. */
export function RunActions({ workspace, project, run, hasEnded, mayNot }: Props) {
  const fields = { workspace, runId: run.id };
  return (
    <>
      {!mayNot.update && !hasEnded && (
        <ActButton look="ghost" icon="rotate-cw" action={refreshRunAction} fields={fields} said="Read the run’s status again.">
          Refresh
        </ActButton>
      )}
      {!hasEnded && (mayNot.stop ? <RefusedControl label="Stop" refusal={mayNot.stop} /> : <StopRun fields={fields} name={run.name} />)}
      {mayNot.delete ? <RefusedControl label="Delete…" refusal={mayNot.delete} /> : <DeleteRun workspace={workspace} project={project} run={run} />}
    </>
  );
}

function StopRun({ fields, name }: { fields: Record<string, string>; name: string }) {
  return (
    <ActionDialog
      label="Stop…"
      icon="circle-stop"
      title="Stop this run"
      action={stopRunAction}
      hidden={fields}
      submit="Stop run"
      said={() => `Asked ${name} to stop.`}
    >
      {() => <StopChoice />}
    </ActionDialog>
  );
}

function DeleteRun({ workspace, project, run }: Pick<Props, "workspace" | "project" | "run">) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const path = projectPath(workspace, project);
  const tab = (name: string) => runPath(path, run.id, { tab: name });
  const state = usePreview(path, isOpen ? { list: "runs", act: "delete", selection: { ids: [run.id] } } : null);
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        Delete…
      </Button>
      <DangerDialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={`Delete the run ${run.name}`}
        name={`${run.number} or ${run.name}`}
        action={deleteRunAction}
        hidden={{ workspace, runId: run.id }}
        submit={`Delete № ${run.number}`}
        onDone={() => {
          toast(`Deleted № ${run.number}, ${run.name}.`);
          router.push(listPath(path, "runs"));
          router.refresh();
        }}
      >
        <PreviewFacts list="runs" act="delete" state={state} links={{ steps: tab("steps"), logs: tab("logs"), metadata: tab("metadata") }} />
      </DangerDialog>
    </>
  );
}
