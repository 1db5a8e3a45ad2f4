"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { createWorkspaceAction } from "@/app/(console)/workspaces/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { TextField } from "@/components/ui/field";

/** Makes a workspace; its name becomes its address, shown as it is typed. */
export function NewWorkspace({ server }: { server: string }) {
  const [name, setName] = useState("");
  const router = useRouter();
  return (
    <ActionDialog
      label="New workspace…"
      icon="plus"
      buttonLook="primary"
      title="New workspace"
      action={createWorkspaceAction}
      submit="Create the workspace"
      said={({ slug }) => `Created ${slug}.`}
      onDone={({ slug }) => router.push(`/workspaces/${slug}`)}
    >
      {(errorOf) => (
        <>
          <TextField
            id="name"
            label="Name"
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
            spellCheck={false}
            error={errorOf("name")}
            help={
              <>
                Pages and clients use <code>{`${server}/${name || "<name>"}`}</code>. It never changes.
              </>
            }
          />
          <TextField
            id="displayName"
            name="displayName"
            label="Display name"
            optional
            maxLength={100}
            autoComplete="off"
            help="What people read beside it. It can be changed."
            error={errorOf("displayName")}
          />
          <p className="text-meta text-ink-3">
            It starts with the project <code>default</code> and the stack <code>default</code>. Nobody but the roles of the whole organization is in it yet: add
            a Workspace Admin next.
          </p>
        </>
      )}
    </ActionDialog>
  );
}
