"use client";

import { useState } from "react";
import { v7 } from "uuid";
import {
  startArtifactDelete,
  startArtifactTags,
  startModelDelete,
  startModelTags,
  startPipelineDelete,
  startPipelineTags,
  startRunDelete,
  startRunStop,
  startRunTags,
} from "@/app/(console)/[workspace]/projects/[project]/acts/actions";
import { projectPath } from "@/components/project/paths";
import { StopChoice } from "@/components/run/stop-choice";
import { TagPicker } from "@/components/tag/tag-picker";
import { type FormAction, DangerDialog, FormDialog } from "@/components/ui/form-dialog";
import { type BulkAct, BULK_LISTS, type BulkList, type BulkPermission, bulkPermission, thingsWords } from "@/lib/bulk/schema";
import { type Asked, PreviewFacts, usePreview } from "./preview";

type Started = { id: string; total: number };

const ACTIONS: Record<BulkPermission, FormAction<Started>> = {
  "run:update": startRunTags,
  "run:stop": startRunStop,
  "run:delete": startRunDelete,
  "pipeline:update": startPipelineTags,
  "pipeline:delete": startPipelineDelete,
  "artifact:update": startArtifactTags,
  "artifact:delete": startArtifactDelete,
  "model:update": startModelTags,
  "model:delete": startModelDelete,
};

export type StartProps = {
  list: BulkList;
  /** The workspace's slug, the project's name and id. */
  workspace: string;
  project: { id: string; name: string };
  /** What was chosen when the form was opened. */
  selection: Asked["selection"];
  onClose: () => void;
  onStarted: (job: Started) => void;
};

/** The form of an act on what is chosen: what it would do, counted, then what it needs to know. */
export function StartForm({ act, ...props }: StartProps & { act: "tag" | "stop" | "delete" }) {
  if (act === "tag") return <TagForm {...props} />;
  if (act === "stop") return <StopForm {...props} />;
  return <DeleteForm {...props} />;
}

function useStart(act: BulkAct, { list, workspace, project, selection, onClose, onStarted }: StartProps, tags: readonly string[] = []) {
  const [formId] = useState(() => v7());
  const state = usePreview(projectPath(workspace, project.name), { list, act, tags, selection });
  // What is started is what was counted: things made after it are not among them.
  const counted = "matching" in selection && state.preview ? { ...selection, asOf: state.preview.asOf } : selection;
  const form = {
    open: true,
    onClose,
    onDone: onStarted,
    action: ACTIONS[bulkPermission(list, act)],
    hidden: {
      workspace,
      projectId: project.id,
      list,
      act,
      selection: JSON.stringify(counted),
      formId,
      expected: String(state.preview?.chosen ?? 0),
      ...(tags.length > 0 && { tags: JSON.stringify(tags) }),
    },
  };
  return { form, state, chosen: state.preview?.chosen ?? 0 };
}

function TagForm(props: StartProps) {
  const [act, setAct] = useState<"tag" | "untag">("tag");
  const [tags, setTags] = useState<string[]>([]);
  const { form, state } = useStart(act, props, tags);
  const { many } = BULK_LISTS[props.list];
  return (
    <FormDialog {...form} title={`Tag the chosen ${many}`} submit={act === "tag" ? "Put tags on" : "Take tags off"}>
      {(errorOf) => (
        <>
          <fieldset className="flex gap-4">
            <legend className="sr-only">What to do with the tags</legend>
            {(["tag", "untag"] as const).map((one) => (
              <label key={one} className="flex min-h-6 items-center gap-2 text-ink">
                <input type="radio" name="ui-act" className="accent-ink" checked={act === one} onChange={() => setAct(one)} />
                {one === "tag" ? "Put on" : "Take off"}
              </label>
            ))}
          </fieldset>
          <TagPicker
            id="tags"
            workspace={props.workspace}
            label="Tags"
            chosen={tags}
            onChange={setTags}
            makesNew={act === "tag"}
            error={errorOf("tags") ?? errorOf("name")}
          />
          {tags.length > 0 && <PreviewFacts list={props.list} act={act} state={state} />}
        </>
      )}
    </FormDialog>
  );
}

function StopForm(props: StartProps) {
  const { form, state } = useStart("stop", props);
  return (
    <FormDialog {...form} title={`Stop the chosen ${BULK_LISTS[props.list].many}`} submit={`Stop ${thingsWords(props.list, state.preview?.changes ?? 0)}`}>
      {() => (
        <>
          <PreviewFacts list={props.list} act="stop" state={state} />
          <StopChoice />
        </>
      )}
    </FormDialog>
  );
}

function DeleteForm(props: StartProps) {
  const { form, state, chosen } = useStart("delete", props);
  const name = thingsWords(props.list, chosen);
  return (
    <DangerDialog {...form} title={`Delete the chosen ${BULK_LISTS[props.list].many}`} name={name} submit={`Delete ${name}`}>
      <PreviewFacts list={props.list} act="delete" state={state} />
    </DangerDialog>
  );
}
