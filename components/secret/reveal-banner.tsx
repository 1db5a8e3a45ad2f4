import { Icon } from "@/components/ui/icon";
import { Time } from "@/components/ui/time";
import type { RevealState } from "@/lib/secrets/reveal-schema";
import { RevealActs } from "./reveal-acts";

/** Above a secret: who waits for the reader's decision, and what became of the reader's own request. */
export function RevealBanner({ reveal }: { reveal: RevealState }) {
  const rows = [...reveal.waiting, ...(reveal.mine ? [reveal.mine] : [])];
  return rows.map((row) => (
    <div key={row.id} className="pad-x flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-rule bg-wait-soft py-1.5">
      <Icon name="stamp" className="text-wait" />
      <span className="min-w-0 flex-1 text-ink">
        {!row.isMine ? (
          <>
            <b className="font-medium">{row.who}</b> asks to see the values: “{row.reason}”
          </>
        ) : row.state === "approved" ? (
          <>
            {row.decidedBy} approved your request: reveal the values once, until <Time at={row.endsAt} />.
          </>
        ) : (
          <>
            Your request to see the values waits for somebody else who may reveal them, until <Time at={row.endsAt} />.
          </>
        )}
      </span>
      <RevealActs row={row} />
    </div>
  ));
}
