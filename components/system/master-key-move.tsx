import { Banner } from "@/components/ui/banner";
import { Time } from "@/components/ui/time";
import type { MasterKeyMove } from "@/lib/master-key/schema";

const NUMBER = new Intl.NumberFormat("en");

/** How far the move to another master key is, above the page. */
export function MasterKeyMoveBanner({ move }: { move: MasterKeyMove }) {
  if (move.failed > 0)
    return (
      <Banner tone="warn" icon="triangle-alert">
        {NUMBER.format(move.failed)} {move.failed === 1 ? "value does" : "values do"} not open under the old key <code>{move.from}</code>, which therefore
        stays. The worker’s log names {move.failed === 1 ? "it" : "them"}: restore or destroy {move.failed === 1 ? "it" : "them"}, then go on.
      </Banner>
    );
  const share = move.total ? Math.min(1, move.moved / move.total) : 0;
  return (
    <Banner tone="run" icon="loader-circle">
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span>
          Moving to the key <code>{move.to}</code> since <Time at={move.since} />
          {move.by && `, begun by ${move.by}`}: {move.total === null ? "counting" : `${NUMBER.format(move.moved)} of ${NUMBER.format(move.total)} moved`}.
          Everything can be read meanwhile.
        </span>
        <progress className="h-1.5 w-40 accent-run" value={share} max={1} aria-label="Moved to the new master key" />
      </span>
    </Banner>
  );
}
