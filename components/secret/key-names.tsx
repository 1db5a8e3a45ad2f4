const SHOWN = 6;

/** The names of a version's keys, the first few of many. */
export function KeyNames({ keys }: { keys: readonly string[] }) {
  return (
    <code className="break-words" title={keys.join(", ")}>
      {keys.slice(0, SHOWN).join(", ")}
      {keys.length > SHOWN && ` and ${keys.length - SHOWN} more`}
    </code>
  );
}
