/** How much of something is behind it; it may stand in a paragraph. A total that is not known yet is an empty bar. */
export function Progress({ label, done, total, className = "" }: { label: string; done: number; total: number | null; className?: string }) {
  const share = total === null ? 0 : total === 0 ? 100 : Math.min(100, (done / total) * 100);
  return (
    <span
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total ?? undefined}
      aria-valuenow={total === null ? undefined : Math.min(done, total)}
      className={`block h-1.5 overflow-hidden rounded-1 bg-rule-strong ${className}`}
    >
      <span className="block h-full bg-ink transition-[width] duration-(--move) ease-(--ease)" style={{ width: `${share}%` }} />
    </span>
  );
}
