import Link from "next/link";
import { NotRecorded } from "@/components/ui/evidence";
import { PlainTable } from "@/components/ui/plain-table";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import { durationWords } from "@/components/ui/time-words";
import type { Bar, Lane, Timeline } from "./timeline-model";

/** The timeline as a table: the same lanes in the same order. */
export function TimelineTable({ timeline, hrefOf }: { timeline: Timeline; hrefOf: (step: string) => string }) {
  return (
    <PlainTable
      label="Steps in the order in which they began"
      columns={[
        { label: "Step" },
        { label: "Status" },
        { label: "Began" },
        { label: "Waited", align: "right" },
        { label: "Ran", align: "right" },
        { label: "Ended" },
        { label: "Tries", align: "right" },
        { label: "Critical path" },
      ]}
      rows={timeline.lanes.map((lane) => {
        const { step, bars, isCritical } = lane;
        const first = bars[0] as Bar;
        return {
          key: step.key,
          cells: [
            <Link key="step" href={hrefOf(step.name)} replace scroll={false} prefetch={false} className="text-ink hover:underline">
              {step.name}
            </Link>,
            <Status key="status" state={step.status} />,
            <Time key="began" at={new Date(first.from).toISOString()} isStamp />,
            <Waited key="waited" lane={lane} />,
            <Ran key="ran" lane={lane} end={timeline.end} />,
            <Ended key="ended" lane={lane} />,
            bars.length,
            isCritical ? "yes" : "",
          ],
        };
      })}
    />
  );
}

function Waited({ lane: { bars, waitedFrom } }: { lane: Lane }) {
  return waitedFrom === null ? <span className="text-ink-3">–</span> : durationWords(((bars[0] as Bar).from - waitedFrom) / 1000);
}

function Ran({ lane: { step, bars }, end }: { lane: Lane; end: number }) {
  const last = bars.at(-1) as Bar;
  return step.isCached ? <span className="text-ink-3">cached</span> : durationWords(((last.to ?? end) - last.from) / 1000);
}

function Ended({ lane: { step, bars } }: { lane: Lane }) {
  const { to } = bars.at(-1) as Bar;
  if (to !== null) return <Time at={new Date(to).toISOString()} isStamp />;
  return step.status === "running" ? <span className="text-ink-3">goes on</span> : <NotRecorded isPlain />;
}
