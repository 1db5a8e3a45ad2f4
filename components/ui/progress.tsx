/** How much of something is behind it. A total that is not known yet is an empty bar. */
export function Progress({ label, done, total, className = "" }: { label: string; done: number; total: number | null; className?: string }) {
  const share = total === null ? 0 : total === 0 ? 100 : Math.min(100, (done / total) * 100);
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total ?? undefined}
      aria-valuenow={total === null ? undefined : Math.min(done, total)}
      className={`h-1.5 overflow-hidden rounded-1 bg-rule-strong ${className}`}
    >
      <div className="h-full bg-ink transition-[width] duration-(--move) ease-(--ease)" style={{ width: `${share}%` }} />
    </div>
  );
}
