import { CliBox } from "@/components/ui/cli-box";
import { PlainTable } from "@/components/ui/plain-table";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import type { MetadataRow } from "@/lib/runs/schema";
import { FindBox } from "./find-box";
import type { RunView } from "./run-view";

/** Metadata of the run, its steps, artifacts and model version: the latest value of each key. */
export function MetadataTab({ metadata, path, view }: { metadata: { rows: MetadataRow[]; total: number }; path: string; view: RunView }) {
  if (metadata.total === 0 && !view.find)
    return (
      <EmptyState title="No metadata was logged in this run.">
        <p>A step logs it with one call:</p>
        <CliBox command={'log_metadata({"accuracy": 0.97})'} label="Copy call" />
      </EmptyState>
    );
  return (
    <>
      <div className="flex flex-wrap items-center gap-4 pb-3">
        <FindBox path={path} view={view} label="Find a key" />
        <span className="text-meta text-ink-3">
          {metadata.rows.length < metadata.total
            ? `${countWords(metadata.rows.length)} of ${countWords(metadata.total)}; a text narrows them`
            : `${countWords(metadata.total)} in this view`}
        </span>
      </div>
      {metadata.rows.length === 0 ? (
        <EmptyState title={`No key or name holds “${view.find}”.`} />
      ) : (
        <PlainTable
          label="Metadata"
          columns={[{ label: "About" }, { label: "Key" }, { label: "Value", className: "max-w-[560px] break-words" }, { label: "Type" }, { label: "Logged" }]}
          rows={metadata.rows.map((row, index) => ({
            key: `${index} ${row.about} ${row.key}`,
            cells: [
              <span key="about" className="whitespace-nowrap">
                {row.about === "run" ? "the run" : row.about}
              </span>,
              <code key="key">{row.key}</code>,
              <code key="value" className="text-ink">
                {row.value}
              </code>,
              <span key="type" className="text-ink-3">
                {row.type}
              </span>,
              <Time key="at" at={row.at} />,
            ],
          }))}
        />
      )}
    </>
  );
}
