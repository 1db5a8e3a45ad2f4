import { countWords } from "@/components/ui/time-words";

/** "1,284 in this view", beside a list's title; "10,000+" where the count stopped. */
export function InView({ total }: { total: { count: number; isExact: boolean } }) {
  return (
    <span className="whitespace-nowrap text-ink-3">
      {countWords(total.count)}
      {total.isExact ? "" : "+"} in this view
    </span>
  );
}
