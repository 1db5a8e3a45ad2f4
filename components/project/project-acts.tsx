"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { createProject, deleteProject, updateProject } from "@/app/(console)/[workspace]/settings/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { IconButton } from "@/components/ui/button";
import { DescriptionField } from "@/components/ui/description-field";
import { TextField } from "@/components/ui/field";
import { DangerDialog, FormDialog } from "@/components/ui/form-dialog";
import { Menu, MenuItem } from "@/components/ui/menu";
import { counted } from "@/components/ui/time-words";
import { useToast } from "@/components/ui/toast";
import type { ProjectRow } from "@/lib/projects/schema";

const NAME_HELP = "Lower-case letters, digits, hyphens and underscores. It stands in URLs and in clients.";

/** The button and dialog that make a project. */
export const NewProject = ({ workspace }: { workspace: string }) => (
  <ActionDialog
    label="New project…"
    buttonLook="primary"
    icon="plus"
    title="New project"
    action={createProject}
    hidden={{ workspace }}
    submit="Create project"
    said={() => "Made the project."}
  >
    {(errorOf) => <Fields errorOf={errorOf} />}
  </ActionDialog>
);

/** Edit and delete one project. */
export function ProjectActs({ row, workspace, may }: { row: ProjectRow; workspace: string; may: { update: boolean; remove: boolean } }) {
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const router = useRouter();
  const close = () => setOpen(null);
  const toast = useToast();
  const done = (said: string) => () => {
    close();
    toast(said);
    router.refresh();
  };
  const hidden = { workspace, project: row.id };
  const isDefault = row.name === "default";
  const blocks = [
    [row.runs, "run"],
    [row.models, "model"],
    [row.artifacts, "artifact"],
  ] as const;
  const held = blocks.flatMap(([count, noun]) => (count > 0 ? [counted(count, noun)] : []));
  if (!may.update && !may.remove) return null;
  return (
    <>
      <Menu trigger={<IconButton icon="ellipsis" label={`Actions for ${row.name}`} />}>
        {may.update && <MenuItem onSelect={() => setOpen("edit")}>Edit…</MenuItem>}
        {may.remove && !isDefault && (
          <MenuItem icon="x" onSelect={() => setOpen("delete")}>
            Delete…
          </MenuItem>
        )}
      </Menu>
      <FormDialog
        open={open === "edit"}
        title={`Edit ${row.name}`}
        action={updateProject}
        hidden={hidden}
        submit="Save changes"
        onClose={close}
        onDone={done(`Saved ${row.name}.`)}
      >
        {(errorOf) => <Fields row={row} isNameFixed={isDefault} errorOf={errorOf} />}
      </FormDialog>
      <DangerDialog
        open={open === "delete"}
        title={`Delete ${row.name}`}
        action={deleteProject}
        hidden={hidden}
        submit={`Delete ${row.name}`}
        name={row.name}
        onClose={close}
        onDone={done(`Deleted the project ${row.name}.`)}
      >
        {held.length > 0 ? (
          <p className="text-fail">It holds {held.join(", ")}: those have to be deleted first, so this is refused as it stands.</p>
        ) : (
          <>
            <p>
              Ends for good: the project, {counted(row.pipelines, "pipeline")} without runs, {counted(row.grants, "grant")} on it alone.
            </p>
            <p>Stays: the audit trail. Clients that have it as their active project start in default.</p>
          </>
        )}
      </DangerDialog>
    </>
  );
}

function Fields({ row, isNameFixed, errorOf }: { row?: ProjectRow; isNameFixed?: boolean; errorOf: (field: string) => string | undefined }) {
  return (
    <>
      {isNameFixed ? (
        <p className="text-meta text-ink-3">The project default keeps its name: fresh clients start in it.</p>
      ) : (
        <TextField
          id="name"
          label="Name"
          defaultValue={row?.name}
          maxLength={63}
          autoComplete="off"
          spellCheck={false}
          help={NAME_HELP}
          error={errorOf("name")}
        />
      )}
      <TextField id="displayName" label="Display name" optional defaultValue={row?.displayName} maxLength={100} error={errorOf("displayName")} />
      <DescriptionField value={row?.description} error={errorOf("description")} />
    </>
  );
}
