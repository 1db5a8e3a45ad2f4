"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { createProject, deleteProject, updateProject } from "@/app/(console)/[workspace]/settings/actions";
import { Button, IconButton } from "@/components/ui/button";
import { describedBy, Field, Textarea, TextField } from "@/components/ui/field";
import { DangerDialog, FormDialog } from "@/components/ui/form-dialog";
import { Menu, MenuItem } from "@/components/ui/menu";
import type { ProjectRow } from "@/lib/projects/schema";

const NAME_HELP = "Lower-case letters, digits, hyphens and underscores. It stands in URLs and in clients.";
const plural = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;

/** The button and dialog that make a project. */
export function NewProject({ workspace }: { workspace: string }) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  return (
    <>
      <Button look="primary" icon="plus" onClick={() => setOpen(true)}>
        New project
      </Button>
      <FormDialog
        open={isOpen}
        title="New project"
        action={createProject}
        hidden={{ workspace }}
        submit="Create project"
        onClose={() => setOpen(false)}
        onDone={() => {
          setOpen(false);
          router.refresh();
        }}
      >
        {(errorOf) => <Fields errorOf={errorOf} />}
      </FormDialog>
    </>
  );
}

/** Edit and delete one project. */
export function ProjectActs({ row, workspace, may }: { row: ProjectRow; workspace: string; may: { update: boolean; remove: boolean } }) {
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const router = useRouter();
  const close = () => setOpen(null);
  const done = () => {
    close();
    router.refresh();
  };
  const hidden = { workspace, project: row.id };
  const isDefault = row.name === "default";
  const blocks = [
    [row.runs, "run"],
    [row.models, "model"],
    [row.artifacts, "artifact"],
  ] as const;
  const held = blocks.flatMap(([count, noun]) => (count > 0 ? [plural(count, noun)] : []));
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
      <FormDialog open={open === "edit"} title={`Edit ${row.name}`} action={updateProject} hidden={hidden} submit="Save changes" onClose={close} onDone={done}>
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
        onDone={done}
      >
        {held.length > 0 ? (
          <p className="text-fail">It holds {held.join(", ")}: those have to be deleted first, so this is refused as it stands.</p>
        ) : (
          <>
            <p>
              Ends for good: the project, {plural(row.pipelines, "pipeline")} without runs, {plural(row.grants, "grant")} on it alone.
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
      <Field id="description" label="Description" optional error={errorOf("description")}>
        <Textarea
          id="description"
          name="description"
          defaultValue={row?.description}
          maxLength={1000}
          {...describedBy("description", undefined, errorOf("description"))}
        />
      </Field>
    </>
  );
}
