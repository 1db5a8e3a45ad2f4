import { Time } from "@/components/ui/time";
import type { KeyRow } from "@/lib/service-accounts/schema";

/** The time in which the value from before a rotation still works, and who still uses it. */
export function OverlapBar({ overlap, since }: { overlap: NonNullable<KeyRow["overlap"]>; since: string }) {
  const [start, end, now] = [Date.parse(since), Date.parse(overlap.until), Date.now()];
  const share = Math.max(0, Math.min(100, ((now - start) / Math.max(1, end - start)) * 100));
  return (
    <span className="mt-1 block max-w-72 text-meta" suppressHydrationWarning>
      <svg width="100%" height="6" aria-hidden="true" className="block text-rule-strong">
        <rect width="100%" height="6" rx="1" fill="currentColor" />
        <rect width={`${share}%`} height="6" rx="1" className="text-warn" fill="currentColor" />
      </svg>
      <span className="block text-ink-3">
        Old value works until <Time at={overlap.until} />
      </span>
      {overlap.usedAt ? (
        <span className="block text-warn">
          Old key in use by {overlap.usedAddress ?? "an unknown address"}
          {overlap.usedAgent && `, ${overlap.usedAgent}`}, <Time at={overlap.usedAt} />
        </span>
      ) : (
        <span className="block text-ink-3">Nobody has used it since.</span>
      )}
    </span>
  );
}
