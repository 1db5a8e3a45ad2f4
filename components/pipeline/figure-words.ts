import { countWords } from "@/components/ui/time-words";
import { FIGURES_OF, type PipelineFigures, SNAPSHOTS_COUNTED } from "@/lib/pipelines/schema";

// The figures of a pipeline in words, for its list and its page.

/** "12", and "100+" where the count stopped. */
export const snapshotsWord = (count: number): string => (count > SNAPSHOTS_COUNTED ? `${SNAPSHOTS_COUNTED}+` : countWords(count));

/** What the share is of: the latest runs only, when there were more. */
export const shareTitle = ({ ended, succeeded }: Pick<PipelineFigures, "ended" | "succeeded">): string =>
  `${succeeded} of ${ended} runs that ended${ended >= FIGURES_OF ? `, of the latest ${FIGURES_OF}` : ""}`;
