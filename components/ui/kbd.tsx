/** A key as printed on the keyboard. */
export function Kbd({ children }: { children: string }) {
  return <kbd className="inline-block min-w-4 rounded-1 border border-rule-strong bg-desk px-1 text-center font-sans text-label text-ink-3">{children}</kbd>;
}
