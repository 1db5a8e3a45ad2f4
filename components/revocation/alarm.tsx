import { Banner } from "@/components/ui/banner";
import { Time } from "@/components/ui/time";
import { CAUSES, LIMIT_S, type Measured, type Monitor, SURFACES, verdictOf } from "@/lib/canaries/schema";

const named = ({ cause, surface }: Measured) => `${SURFACES[surface].toLowerCase()} after “${CAUSES[cause].label.toLowerCase()}”`;
const NAMED = 3;

function list(all: Measured[]): string {
  const more = all.length - NAMED;
  return `${all.slice(0, NAMED).map(named).join(", ")}${more > 0 ? `, and ${more} more` : ""}`;
}

/** What must not go unseen: access that outlived its end, and measuring that does not work. */
export function RevocationAlarm({ monitor: { measured, last, isOverdue, nextAt } }: { monitor: Monitor }) {
  const outlived = measured.filter((one) => verdictOf(one) === "late" || verdictOf(one) === "open");
  const unmeasured = measured.filter((one) => verdictOf(one) === "not measured");
  return (
    <>
      {outlived.length > 0 && (
        <Banner tone="fail" icon="shield-x">
          Access was still open after {LIMIT_S} s: {list(outlived)}.
        </Banner>
      )}
      {last?.failure && (
        <Banner tone="fail" icon="circle-alert">
          The last round could not be run: {last.failure}.
        </Banner>
      )}
      {unmeasured.length > 0 && (
        <Banner tone="fail" icon="circle-alert">
          Not measured, because {unmeasured[0]?.failure}: {list(unmeasured)}.
        </Banner>
      )}
      {isOverdue && (
        <Banner tone="warn" icon="timer-off">
          The round that was due <Time at={nextAt} /> has not begun: is the worker running?
        </Banner>
      )}
    </>
  );
}
