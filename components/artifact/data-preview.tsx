"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button";
import { type Refusal, RefusedControl } from "@/components/ui/refused";
import { sizeWords } from "@/components/ui/size-words";
import { countWords } from "@/components/ui/time-words";
import { ArtifactFailure, askForFile, type FileProblem } from "./ask-for-file";
import { Content, type Shown } from "./visualizations";

type Preview = { file: string | null; shown: Shown | null; files: { name: string; size: number }[]; count: number };

/** The beginning of a version's data, when somebody asks for it: reading data leaves an entry, as downloading it does. */
export function DataPreview({ workspace, project, versionId, refusal }: { workspace: string; project: string; versionId: string; refusal: Refusal | null }) {
  const [preview, setPreview] = useState<Preview | null>(null);
  const [problem, setProblem] = useState<FileProblem | null>(null);
  const [isAsking, setAsking] = useState(false);
  if (refusal) return <RefusedControl label="Show the beginning" refusal={refusal} />;
  const load = async () => {
    setAsking(true);
    setProblem(null);
    const answer = await askForFile<Preview>(`/api/artifact-data/${workspace}/${encodeURIComponent(project)}/${versionId}`);
    setAsking(false);
    if (answer.problem) setProblem(answer.problem);
    else setPreview(answer.value);
  };
  if (!preview)
    return (
      <>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Button onClick={() => void load()} disabled={isAsking} icon={problem ? "rotate-cw" : "eye"}>
            {problem ? "Try again" : "Show the beginning"}
          </Button>
          <span className="text-meta text-ink-3">
            {isAsking ? "Loading from the artifact store" : "A table, JSON or text is read from the artifact store. It leaves an entry, as a download does."}
          </span>
        </div>
        {problem && (
          <div className="mt-3">
            <ArtifactFailure problem={problem} />
          </div>
        )}
      </>
    );
  const { file, shown, files, count } = preview;
  return (
    <>
      {file && shown ? (
        <>
          <p className="pb-2">
            <b className="font-medium">{file}</b>{" "}
            <span className="text-meta text-ink-3">
              {sizeWords(shown.size)}
              {count > 1 && `, one of ${countWords(count)} files`}
            </span>
          </p>
          <Content shown={shown} name={file} />
        </>
      ) : (
        <p className="text-ink-3">
          {count === 0
            ? "There is no file in its folder."
            : "None of its files is a table, JSON or text that a page can show. Download it, or load it with the client."}
        </p>
      )}
      {(count > 1 || !shown) && count > 0 && (
        <ul className="mt-3 text-meta text-ink-3">
          {files.map(({ name, size }) => (
            <li key={name} className="break-words">
              <code className="text-ink">{name}</code> {sizeWords(size)}
            </li>
          ))}
          {count > files.length && <li>and {countWords(count - files.length)} more</li>}
        </ul>
      )}
    </>
  );
}
