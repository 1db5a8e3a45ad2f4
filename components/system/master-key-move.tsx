import { Banner } from "@/components/ui/banner";
import { Progress } from "@/components/ui/progress";
import { Time } from "@/components/ui/time";
import { counted, countWords } from "@/components/ui/time-words";
import type { MasterKeyMove } from "@/lib/master-key/schema";

/** How far the move to another master key is, above the page. */
export function MasterKeyMoveBanner({ move }: { move: MasterKeyMove }) {
  if (move.failed > 0)
    return (
      <Banner tone="warn" icon="triangle-alert">
        {counted(move.failed, "value does", "values do")} not open under the old key <code>{move.from}</code>, which therefore stays. The worker’s log names{" "}
        {move.failed === 1 ? "it" : "them"}: restore or destroy {move.failed === 1 ? "it" : "them"}, then go on.
      </Banner>
    );
  return (
    <Banner tone="run" icon="loader-circle">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span>
          Moving to the key <code>{move.to}</code> since <Time at={move.since} />
          {move.by && `, begun by ${move.by}`}: {move.total === null ? "counting" : `${countWords(move.moved)} of ${countWords(move.total)} moved`}. Everything
          can be read meanwhile.
        </span>
        <Progress label="Moved to the new master key" done={move.moved} total={move.total} className="w-40" />
      </span>
    </Banner>
  );
}
