import type { ReactNode } from "react";

export type Fact = { label: string; value: ReactNode };

/** The strip of four to seven facts under a page's head, evidence first. */
export function FactsStrip({ facts }: { facts: Fact[] }) {
  return (
    <dl className="pad-x flex flex-wrap gap-y-2.5 pt-3 max-md:grid max-md:grid-cols-2 max-md:gap-x-4">
      {facts.map((fact) => (
        <div key={fact.label} className="min-w-0 border-rule md:border-l md:px-5 md:first:border-0 md:first:pl-0">
          <dt className="text-label text-ink-3">{fact.label}</dt>
          <dd className="mt-0.5 flex min-h-5 min-w-0 flex-wrap items-center gap-1.5 text-ink">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Two columns of label and value, for panels and sections. */
export function FactList({ facts }: { facts: Fact[] }) {
  return (
    <dl className="grid grid-cols-[minmax(96px,max-content)_minmax(0,1fr)] gap-x-4 gap-y-1">
      {facts.map((fact) => (
        <div key={fact.label} className="contents">
          <dt className="leading-6 text-ink-3">{fact.label}</dt>
          <dd className="flex min-h-6 min-w-0 flex-wrap items-center gap-2 leading-6 break-words text-ink [&_code]:min-w-0 [&_code]:break-all">{fact.value}</dd>
        </div>
      ))}
    </dl>
  );
}
