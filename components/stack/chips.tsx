import { Icon } from "@/components/ui/icon";

/** "local", with what that means for others in its title. */
export function LocalChip({ meaning }: { meaning: string }) {
  return (
    <span
      title={meaning}
      className="inline-flex h-[18px] shrink-0 items-center gap-1 rounded-1 border border-dashed border-control px-1.5 align-middle text-meta text-ink-2"
    >
      <Icon name="monitor" size={12} />
      local
    </span>
  );
}

/** A reference to a key of a secret. The value is read where a step runs. */
export function SecretReference({ secret, name }: { secret: string; name: string }) {
  return (
    <span
      title={`The key ${name} of the secret ${secret}`}
      className="inline-flex h-5 max-w-full items-center gap-1 rounded-1 border border-rule-strong px-1.5 align-middle font-mono text-mono text-ink"
    >
      <Icon name="key-round" size={12} className="text-ink-3" />
      <span className="truncate">
        {secret}.{name}
      </span>
    </span>
  );
}

/** A secret value that is set and never shown. */
export function SecretSet() {
  return (
    <span className="inline-flex items-center gap-2 text-ink-2">
      <span aria-hidden="true">••••••••••••</span>
      <span className="text-meta text-ink-3">set, in plain text, by a client</span>
    </span>
  );
}
