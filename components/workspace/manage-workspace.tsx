"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { deleteWorkspaceAction, restoreWorkspaceAction, suspendWorkspaceAction, updateWorkspaceAction } from "@/app/(console)/workspaces/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { DangerZone } from "@/components/ui/danger-zone";
import { DescriptionField } from "@/components/ui/description-field";
import { TextField } from "@/components/ui/field";
import { ActionForm } from "@/components/ui/form-dialog";
import { counted } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";
import type { ManagedWorkspace } from "@/lib/workspaces/schema";

/** What people read of a workspace, and how long a leaver's keys go on. */
export function WorkspaceForm({ workspace }: { workspace: ManagedWorkspace }) {
  const router = useRouter();
  const toast = useToast();
  return (
    <div className="max-w-[640px]">
      <ActionForm
        action={updateWorkspaceAction}
        hidden={{ id: workspace.id, ...(workspace.state === "active" ? { workspace: workspace.slug } : {}) }}
        submit="Save"
        onDone={() => {
          toast("Saved.");
          router.refresh();
        }}
      >
        {(errorOf) => (
          <>
            <TextField id="displayName" label="Display name" defaultValue={workspace.displayName} maxLength={100} error={errorOf("displayName")} />
            <DescriptionField value={workspace.description} max={500} error={errorOf("description")} />
            <TextField
              id="graceDays"
              label="Days of grace for a leaver’s keys"
              type="number"
              min={0}
              max={90}
              defaultValue={workspace.graceDays}
              help="API keys that somebody made or saw end when they are deactivated, after this many days. 0: at once."
              error={errorOf("graceDays")}
            />
          </>
        )}
      </ActionForm>
    </div>
  );
}

/** Suspend, restore and delete, each with what it ends and what stays. */
export function WorkspaceDanger({ workspace }: { workspace: ManagedWorkspace }) {
  const { id, slug, cascade } = workspace;
  const [typed, setTyped] = useState("");
  const router = useRouter();
  if (!cascade) return null;
  return (
    <DangerZone
      text={
        workspace.state === "active"
          ? "Suspending refuses every page, client and key of the workspace on the next request and keeps everything. Deleting ends it for good."
          : "The workspace is suspended: everything is kept, nothing can be read or changed. Restoring opens it as it was."
      }
    >
      <span className="flex gap-2">
        {workspace.state === "active" ? (
          <ActionDialog
            label="Suspend…"
            title={`Suspend ${slug}`}
            action={suspendWorkspaceAction}
            hidden={{ id, workspace: slug }}
            submit={`Suspend ${slug}`}
            look="danger"
            said={() => `Suspended ${slug}.`}
          >
            {() => (
              <>
                <p>
                  On the next request nobody opens a page of it, and {counted(cascade.serviceAccounts, "service account")}{" "}
                  {cascade.serviceAccounts === 1 ? "is" : "are"} refused. Runs that report to it fail to. Everything is kept.
                </p>
                <TextField id="suspend-reason" name="reason" label="Reason" optional maxLength={500} help="Stands in the audit trail." />
              </>
            )}
          </ActionDialog>
        ) : (
          <ActionDialog
            label="Restore…"
            title={`Restore ${slug}`}
            action={restoreWorkspaceAction}
            hidden={{ id }}
            submit={`Restore ${slug}`}
            said={() => `Restored ${slug}.`}
          >
            {() => <p>Pages, clients and keys work again on the next request, with the grants that have not ended.</p>}
          </ActionDialog>
        )}
        <ActionDialog
          label="Delete…"
          buttonLook="danger"
          title={`Delete ${slug}`}
          action={deleteWorkspaceAction}
          hidden={{ id, ...(workspace.state === "active" ? { workspace: slug } : {}) }}
          submit={`Delete ${slug}`}
          look="danger"
          said={() => `Deleted ${slug}.`}
          onDone={() => router.push("/workspaces")}
        >
          {(errorOf) => (
            <>
              <p>Ends at once, and can’t be taken back:</p>
              <ul className="list-disc pl-5">
                <li>
                  {counted(cascade.grants, "grant")} and {counted(cascade.serviceAccounts, "service account")} with their keys
                </li>
                <li>
                  {counted(cascade.projects, "project")} with {counted(cascade.runs, "run")}, {counted(cascade.artifacts, "artifact version")} and{" "}
                  {counted(cascade.models, "model version")}
                </li>
                <li>{counted(cascade.stacks, "stack")} with their components</li>
              </ul>
              <p>What stays: the audit trail, and the name {slug}, which is never used again. Files in your stores are not touched.</p>
              <TextField
                id="delete-name"
                name="name"
                label={`Type ${slug} to go on`}
                value={typed}
                onChange={(event) => setTyped(event.target.value)}
                autoComplete="off"
                spellCheck={false}
                error={errorOf("name")}
              />
              <TextField id="delete-reason" name="reason" label="Reason" optional maxLength={500} help="Stands in the audit trail." />
            </>
          )}
        </ActionDialog>
      </span>
    </DangerZone>
  );
}
