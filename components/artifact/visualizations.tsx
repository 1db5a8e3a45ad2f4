"use client";

import { useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button";
import { PlainTable } from "@/components/ui/plain-table";
import { ArtifactFailure, askForFile, type FileProblem } from "./ask-for-file";
import { JsonTree } from "./json-tree";
import { sizeWords } from "@/components/ui/size-words";

export type VisualizationItem = { id: string; type: string; uri: string };

export type Shown = { size: number } & (
  | { kind: "table"; columns: string[]; rows: string[][]; isCut: boolean }
  | { kind: "json"; text: string; isCut: boolean }
  | { kind: "text"; text: string; isCut: boolean }
  | { kind: "page" | "document" | "picture"; url: string }
);

const KIND_WORDS: Record<string, string> = { csv: "Table", html: "HTML", image: "Picture", markdown: "Markdown", json: "JSON" };

/** What pipelines drew of a version, each loaded from its artifact store when it comes into view; HTML only after a click, in a frame that reaches nothing. */
export function Visualizations({ workspace, project, items }: { workspace: string; project: string; items: VisualizationItem[] }) {
  if (items.length === 0) return <p className="text-ink-3">No visualization of this version is recorded.</p>;
  return (
    <ul className="flex flex-col gap-6">
      {items.map((item) => (
        <Visualization key={item.id} path={`/api/visualizations/${workspace}/${encodeURIComponent(project)}/${item.id}`} item={item} />
      ))}
    </ul>
  );
}

const nameOf = (uri: string) => uri.split("/").at(-1) || uri;

function Visualization({ path, item }: { path: string; item: VisualizationItem }) {
  const [shown, setShown] = useState<Shown | null>(null);
  const [problem, setProblem] = useState<FileProblem | null>(null);
  const [isLoading, setLoading] = useState(false);
  const place = useRef<HTMLLIElement>(null);
  const wasAsked = useRef(false);
  const waitsForClick = item.type === "html";
  const name = nameOf(item.uri);

  const load = useRef(async () => {
    setLoading(true);
    setProblem(null);
    const answer = await askForFile<Shown>(path);
    setLoading(false);
    if (answer.problem) setProblem(answer.problem);
    else setShown(answer.value);
  });

  useEffect(() => {
    if (waitsForClick || !place.current) return;
    const watch = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting) || wasAsked.current) return;
      wasAsked.current = true;
      void load.current();
    });
    watch.observe(place.current);
    return () => watch.disconnect();
  }, [waitsForClick]);

  return (
    <li ref={place} className="min-w-0">
      <div className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1 pb-2">
        <h3 className="min-w-0 truncate font-medium">{name}</h3>
        <span className="text-meta text-ink-3">
          {KIND_WORDS[item.type] ?? item.type}
          {shown && `, ${sizeWords(shown.size)}`}
        </span>
        {waitsForClick && !shown && (
          <Button onClick={() => void load.current()} disabled={isLoading}>
            Show the HTML
          </Button>
        )}
        {problem && (
          <Button icon="rotate-cw" onClick={() => void load.current()} disabled={isLoading}>
            Try again
          </Button>
        )}
      </div>
      {waitsForClick && !shown && !problem && (
        <p className="max-w-[72ch] text-meta text-ink-3">
          A pipeline wrote this page. It runs in a frame of its own that sees neither your session nor this page.
        </p>
      )}
      {isLoading && <p className="text-meta text-ink-3">Loading from the artifact store</p>}
      {problem && <ArtifactFailure problem={problem} />}
      {shown && <Content shown={shown} name={name} />}
    </li>
  );
}

/** What was read of a file, or the frame or picture that shows it. */
export function Content({ shown, name }: { shown: Shown; name: string }) {
  if (shown.kind === "picture")
    // biome-ignore lint/performance/noImgElement: the address holds once, so nothing may ask for it again to resize it
    return <img src={shown.url} alt={`Visualization ${name}`} className="max-w-full rounded-1 border border-rule bg-[#ffffff]" />;
  if (shown.kind === "table")
    return (
      <>
        <div className="max-h-[480px] overflow-y-auto">
          <PlainTable
            label={name}
            columns={columnsOf(shown.columns).map((label) => ({ label, className: "whitespace-nowrap font-mono text-mono" }))}
            rows={shown.rows.map((row, index) => ({ key: String(index), cells: shown.columns.map((_, at) => row[at] ?? "") }))}
          />
        </div>
        {shown.isCut && <p className="pt-1 text-meta text-ink-3">The first {shown.rows.length} rows. Download the artifact for all of them.</p>}
      </>
    );
  if (shown.kind === "text")
    return (
      <>
        <section
          // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines and many of them are scrolled by key
          tabIndex={0}
          aria-label={name}
          className="max-h-[480px] overflow-auto rounded-1 border border-rule bg-sunk p-3"
        >
          <pre className="font-mono text-mono text-ink">{shown.text}</pre>
        </section>
        {shown.isCut && <p className="pt-1 text-meta text-ink-3">The beginning only. Download the artifact for all of it.</p>}
      </>
    );
  if (shown.kind === "json") return <JsonTree text={shown.text} isCut={shown.isCut} label={name} />;
  return <Frame url={shown.url} name={name} runsScripts={shown.kind === "page"} />;
}

/** Column heads are keys of the table: an empty or repeated one gets its place. */
function columnsOf(names: string[]): string[] {
  return names.map((name, at) => (name === "" || names.indexOf(name) !== at ? `${name || "column"} ${at + 1}`.trim() : name));
}

/** The one-use address is asked for once: the frame keeps its first one however often the page around it is drawn. */
function Frame({ url, name, runsScripts }: { url: string; name: string; runsScripts: boolean }) {
  const [source, setSource] = useState<string | null>(null);
  const [isTall, setTall] = useState(false);
  useEffect(() => {
    const isDark =
      getComputedStyle(document.documentElement).colorScheme === "dark" ||
      (!document.documentElement.dataset.theme && matchMedia("(prefers-color-scheme: dark)").matches);
    setSource(`${url}?theme=${isDark ? "dark" : "light"}`);
  }, [url]);
  return (
    <>
      {source && (
        <iframe
          title={`Visualization ${name}`}
          src={source}
          sandbox={runsScripts ? "allow-scripts" : ""}
          referrerPolicy="no-referrer"
          className={`w-full rounded-1 border border-rule ${runsScripts ? "bg-[#ffffff]" : "bg-paper"} ${isTall ? "h-[90vh]" : "h-[420px]"}`}
        />
      )}
      <Button look="ghost" onClick={() => setTall(!isTall)} aria-pressed={isTall}>
        {isTall ? "Smaller" : "Larger"}
      </Button>
    </>
  );
}
