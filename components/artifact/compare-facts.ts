import { sizeWords } from "@/components/ui/size-words";
import type { VersionFacts } from "@/lib/artifacts/row-schema";
import { kindWord, savedWord } from "./words";

export type Compared = {
  label: string;
  /** Where it belongs: the record itself or its metadata. */
  group: "fact" | "metadata";
  /** Null: not recorded, which equals nothing. */
  left: string | null;
  right: string | null;
  state: "equal" | "differs" | "not recorded";
};

/** The facts and metadata of two versions side by side, each with whether they agree. */
export function compareFacts(left: VersionFacts, right: VersionFacts): Compared[] {
  const producer = ({ producer: made }: VersionFacts) => made && [made.step, made.runNumber === null ? null : `№ ${made.runNumber}`].filter(Boolean).join(", ");
  const rows: [string, (version: VersionFacts) => string | null][] = [
    ["Content digest", (version) => version.contentHash],
    ["Items", (version) => version.items?.toLocaleString("en-US") ?? null],
    ["Size", (version) => (version.sizeBytes === null ? null : sizeWords(version.sizeBytes))],
    ["Type", (version) => kindWord(version.type)],
    ["Data type", (version) => version.dataType || null],
    ["Materializer", (version) => version.materializer || null],
    ["Pipeline", (version) => version.producer?.pipeline ?? null],
    ["Producer", producer],
    ["Saved as", (version) => savedWord(version.saveType)],
    ["Store", (version) => version.store],
    ["URI", (version) => version.uri],
    ["Made by", (version) => version.by?.name ?? null],
    ["Tags", (version) => version.tags.join(", ") || "none"],
  ];
  const compared = (label: string, group: Compared["group"], one: string | null, other: string | null): Compared => ({
    label,
    group,
    left: one,
    right: other,
    state: one === null || other === null ? "not recorded" : one === other ? "equal" : "differs",
  });
  const metadataOf = (version: VersionFacts, key: string) => version.metadata.find((row) => row.key === key)?.value ?? null;
  const keys = [...new Set([...left.metadata, ...right.metadata].map((row) => row.key))].sort();
  return [
    ...rows.map(([label, of]) => compared(label, "fact", of(left), of(right))),
    ...keys.map((key) => compared(key, "metadata", metadataOf(left, key), metadataOf(right, key))),
  ];
}
