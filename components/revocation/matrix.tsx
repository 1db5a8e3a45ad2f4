import Link from "next/link";
import { PlainTable } from "@/components/ui/plain-table";
import { CAUSE_IDS, CAUSES, type Measured, SURFACE_IDS, SURFACES, verdictOf } from "@/lib/canaries/schema";
import { secondsText, trialsPath } from "./lists";
import { TrialStrokes } from "./trial-strokes";

/** What ended access × where it was: the last measured seconds, the worst of 90 days, and the last trials. A dash: this does not end that. */
export function RevocationMatrix({ measured }: { measured: Measured[] }) {
  const of = (cause: string, surface: string) => measured.find((one) => one.cause === cause && one.surface === surface);
  return (
    <PlainTable
      label="Last measured"
      isMatrix
      columns={[
        { label: "What ended it", className: "min-w-36" },
        ...SURFACE_IDS.map((surface) => ({ label: SURFACES[surface], className: "whitespace-nowrap" })),
      ]}
      rows={CAUSE_IDS.filter((cause) => measured.some((one) => one.cause === cause)).map((cause) => ({
        key: cause,
        cells: [
          CAUSES[cause].label,
          ...SURFACE_IDS.map((surface) => {
            const one = of(cause, surface);
            return one ? (
              <Cell key={surface} measured={one} />
            ) : (
              <span key={surface} className="text-ink-3">
                –
              </span>
            );
          }),
        ],
      }))}
    />
  );
}

const WORDS = { open: "still open", "not measured": "not measured" } as const;

function Cell({ measured }: { measured: Measured }) {
  const { cause, surface, seconds, median, worst, recent } = measured;
  const verdict = verdictOf(measured);
  const look = { refused: "text-ink", late: "text-fail font-medium", open: "text-fail font-medium", "not measured": "text-warn font-medium" }[verdict];
  const last = verdict === "open" || verdict === "not measured" ? WORDS[verdict] : secondsText(seconds ?? 0);
  return (
    <Link
      href={trialsPath(cause, surface)}
      title={`${CAUSES[cause].label}, ${SURFACES[surface]}${median === null ? "" : `: median ${secondsText(median)}`}`}
      className="block py-1 hover:underline"
    >
      <span className={look}>{last}</span>
      <TrialStrokes recent={recent} />
      <span className="block text-meta text-ink-3">{worst === null ? "never measured" : `worst ${secondsText(worst)}`}</span>
    </Link>
  );
}
