import type { IconName } from "@/components/ui/icon";
import { countWords } from "@/components/ui/time-words";
import { ARTIFACT_KINDS, type BoundedCount, SAVE_TYPES } from "@/lib/artifacts/row-schema";

/** The icon of an artifact's kind. */
export const artifactIcon = (type: string): IconName => (type === "ModelArtifact" ? "box" : "package");

/** "DataArtifact" → "Data". */
export const kindWord = (type: string): string => ARTIFACT_KINDS.find((kind) => kind.value === type)?.label ?? type;

export const savedWord = (type: string): string => SAVE_TYPES.find((kind) => kind.value === type)?.label ?? type;

/** A version as people say it: numbers get a v. */
export const versionWord = (version: string): string => (/^\d+$/.test(version) ? `v${version}` : version);

/** "3", or "100+" where counting stopped. */
export const boundedWords = ({ count, isExact }: BoundedCount): string => `${countWords(count)}${isExact ? "" : "+"}`;

/** "12 runs", "1 model", "100+ runs". */
export const countOf = (counted: BoundedCount, one: string, many: string): string =>
  `${boundedWords(counted)} ${counted.count === 1 && counted.isExact ? one : many}`;
