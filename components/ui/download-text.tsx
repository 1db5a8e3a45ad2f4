"use client";

import { IconButton } from "./button";

/** Saves a text that the page already holds as a file. */
export function DownloadText({ text, file, label }: { text: string; file: string; label: string }) {
  const save = () => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = file;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return <IconButton icon="download" label={label} onClick={save} />;
}
