import type { Metadata } from "next";
import { RevocationAlarm } from "@/components/revocation/alarm";
import { secondsText } from "@/components/revocation/lists";
import { RevocationMatrix } from "@/components/revocation/matrix";
import { RoundActs } from "@/components/revocation/round-acts";
import { Poll } from "@/components/table/poll";
import { FactsStrip } from "@/components/ui/facts";
import { FailureState } from "@/components/ui/failure-state";
import { Section } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { getMonitor } from "@/lib/canaries/queries";
import { KEPT_DAYS, LIMIT_S, type Monitor, verdictOf } from "@/lib/canaries/schema";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../attempt";
import { refusalOf } from "../../refusal";
import { RevocationFrame } from "./revocation-frame";

export const metadata: Metadata = { title: "Revocation" };

/** How long access lives after its end: the last measured seconds, by what ended it and by surface. */
export default page("sso-connection:read", async ({ context, place }) => {
  const { data: monitor, failure } = await attempt(context, () => ask(getMonitor, context, {}));
  const refusal = refusalOf(context.actor, "system:update", {}, "Measuring is not in your role");
  return (
    <RevocationFrame
      place={place}
      tab="monitor"
      alarm={monitor && <RevocationAlarm monitor={monitor} />}
      actions={refusal ? <RefusedControl label="Run now" refusal={refusal} /> : monitor && <RoundActs isOn={monitor.isOn} />}
    >
      {failure ? (
        <div className="pad-x py-5">
          <FailureState failure={failure} />
        </div>
      ) : (
        <>
          {monitor.last && !monitor.last.endedAt && <Poll seconds={3} />}
          <FactsStrip facts={factsOf(monitor)} />
          <div className="pad-x pt-5 pb-10">
            <Section title="Last measured" count={`seconds until the first refusal; the line is ${LIMIT_S} s; ${KEPT_DAYS} days are kept`}>
              {monitor.measured.length === 0 ? (
                <EmptyState title="Nothing was measured yet.">The first round begins within an hour of the first project; or run one now.</EmptyState>
              ) : (
                <RevocationMatrix measured={monitor.measured} />
              )}
            </Section>
          </div>
        </>
      )}
    </RevocationFrame>
  );
});

function factsOf({ isOn, nextAt, last, measured }: Monitor) {
  const seconds = measured.flatMap((one) => one.seconds ?? []);
  const inTime = measured.filter((one) => verdictOf(one) === "refused").length;
  return [
    { label: "Last round", value: last ? last.endedAt ? <Time at={last.endedAt} /> : "under way" : "none yet" },
    { label: `Over within ${LIMIT_S} s`, value: measured.length > 0 ? `${inTime} of ${measured.length}` : "not measured" },
    { label: "Slowest", value: seconds.length > 0 ? secondsText(Math.max(...seconds)) : "not measured" },
    { label: "Hourly rounds", value: isOn ? "on" : "off" },
    { label: "Next round", value: isOn ? <Time at={nextAt} /> : "when somebody asks" },
  ];
}
