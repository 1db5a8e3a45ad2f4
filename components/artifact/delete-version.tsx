"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { removeArtifactVersion } from "@/app/(console)/[workspace]/projects/[project]/artifacts/actions";
import { PreviewFacts, usePreview } from "@/components/bulk/preview";
import { artifactVersionPath, filterOf, listPath } from "@/components/project/paths";
import { Button } from "@/components/ui/button";
import { DangerDialog } from "@/components/ui/form-dialog";
import { type Refusal, RefusedControl } from "@/components/ui/refused";
import { useToast } from "@/components/ui/toast";

type Props = {
  /** The workspace's slug and the project's path. */
  workspace: string;
  project: string;
  version: { id: string; artifact: string; version: string };
  refusal: Refusal | null;
};

/** Deletes the record of a version after a preview of what goes with it. The file stays in its store. */
export function DeleteVersion({ workspace, project, version, refusal }: Props) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const name = `${version.artifact} ${version.version}`;
  const state = usePreview(project, isOpen ? { list: "artifact-versions", act: "delete", selection: { ids: [version.id] } } : null);
  if (refusal) return <RefusedControl label="Delete…" refusal={refusal} />;
  const uses = artifactVersionPath(project, version.artifact, version.version, { tab: "uses" });
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        Delete…
      </Button>
      <DangerDialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title={`Delete the version ${name}`}
        name={name}
        action={removeArtifactVersion}
        hidden={{ workspace, id: version.id }}
        submit={`Delete ${name}`}
        onDone={() => {
          toast(`Deleted ${name}.`);
          router.push(listPath(project, "artifact-versions", filterOf("artifact", "is", version.artifact)));
          router.refresh();
        }}
      >
        <PreviewFacts list="artifact-versions" act="delete" state={state} links={{ inputs: uses, outputs: uses, links: uses }} />
      </DangerDialog>
    </>
  );
}
