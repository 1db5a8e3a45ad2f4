"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { type Refusal, RefusedControl } from "@/components/ui/refused";
import { useToast } from "@/components/ui/toast";
import { ArtifactFailure, askForFile, type FileProblem } from "./ask-for-file";

type Props = { workspace: string; project: string; versionId: string; refusal: Refusal | null };

/** Downloads a version's files by an address that holds once, for a minute. Without scripts the form does the same. */
export function DownloadButton({ workspace, project, versionId, refusal }: Props) {
  const [isAsking, setAsking] = useState(false);
  const [problem, setProblem] = useState<FileProblem | null>(null);
  const toast = useToast();
  if (refusal) return <RefusedControl label="Download" refusal={refusal} />;
  const path = `/api/downloads/${workspace}/${encodeURIComponent(project)}/${versionId}`;
  const download = async () => {
    setAsking(true);
    setProblem(null);
    const answer = await askForFile<{ url: string; files: number }>(path);
    setAsking(false);
    if (answer.problem) return setProblem(answer.problem);
    const link = document.createElement("a");
    link.href = answer.value.url;
    link.download = "";
    link.click();
    toast(answer.value.files === 1 ? "The download has begun." : `The download of ${answer.value.files} files has begun.`);
  };
  return (
    <span className="inline-flex flex-col items-start gap-2">
      <form
        method="post"
        action={path}
        onSubmit={(event) => {
          event.preventDefault();
          void download();
        }}
      >
        <Button type="submit" icon="download" disabled={isAsking}>
          Download
        </Button>
      </form>
      {problem && <ArtifactFailure problem={problem} />}
    </span>
  );
}
