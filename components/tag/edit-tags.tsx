"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { editArtifactTags, editModelTags, editPipelineTags, editRunTags } from "@/app/(console)/[workspace]/tag-actions";
import { Button } from "@/components/ui/button";
import { ActionForm } from "@/components/ui/form-dialog";
import { Popover } from "@/components/ui/popover";
import { type Refusal, RefusedControl } from "@/components/ui/refused";
import { Tag } from "@/components/ui/tag";
import { useToast } from "@/components/ui/toast";
import { type EditedTags, TAGGED_KINDS, type TaggedKind } from "@/lib/tags/schema";
import { TagPicker } from "./tag-picker";

const ACTIONS = { run: editRunTags, pipeline: editPipelineTags, artifact: editArtifactTags, model: editModelTags } as const;

type Props = {
  /** The workspace's slug. */
  workspace: string;
  kind: TaggedKind;
  id: string;
  /** The tags that it carries now. */
  names: string[];
  /** Why the reader may not change them; null when they may. */
  refusal: Refusal | null;
  /** The path of a list with a field `tag`: each tag then leads to what else carries it. */
  list?: string;
};

/** The tags of one thing, and the way to change them. */
export function EditTags({ workspace, kind, id, names, refusal, list }: Props) {
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-1.5">
      {names.map((name) => (
        <Tag key={name} name={name} href={list && `${list}?f=${encodeURIComponent(`tag~is~${name.replaceAll(",", "\\,")}`)}`} />
      ))}
      {refusal ? (
        <RefusedControl label={names.length > 0 ? "Tags" : "Add tags"} refusal={refusal} />
      ) : (
        <Editor key={names.join("\n")} workspace={workspace} kind={kind} id={id} names={names} />
      )}
    </span>
  );
}

function Editor({ workspace, kind, id, names }: Omit<Props, "refusal" | "list">) {
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState(names);
  const router = useRouter();
  const toast = useToast();
  const { resourceType, noun } = TAGGED_KINDS[kind];
  const add = chosen.filter((name) => !names.includes(name));
  const remove = names.filter((name) => !chosen.includes(name));
  return (
    <Popover
      label="Change tags"
      open={isOpen}
      onOpenChange={(open) => {
        setOpen(open);
        if (open) setChosen(names);
      }}
      trigger={
        <Button look="ghost" icon="tag" aria-label="Change tags">
          {names.length > 0 ? "Edit" : "Add tags"}
        </Button>
      }
    >
      <ActionForm<EditedTags>
        action={ACTIONS[noun]}
        hidden={{ workspace, resourceType, resourceId: id, add: JSON.stringify(add), remove: JSON.stringify(remove) }}
        submit="Save tags"
        onCancel={() => setOpen(false)}
        onDone={({ taken }) => {
          setOpen(false);
          const [first] = taken;
          toast(first ? `Saved the tags. ${first.tag} is exclusive: it was taken from ${first.from}.` : "Saved the tags.");
          router.refresh();
        }}
      >
        {(errorOf) => <TagPicker id="tags" workspace={workspace} label="Tags" chosen={chosen} onChange={setChosen} error={errorOf("add") ?? errorOf("name")} />}
      </ActionForm>
    </Popover>
  );
}
