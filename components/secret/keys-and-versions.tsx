import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { WhoChip } from "@/components/ui/who";
import type { SecretPage } from "@/lib/secrets/row-schema";
import { KeyNames } from "./key-names";

/** The keys with a mask that is the same for every value. */
export function Keys({ keys, isDestroyed }: { keys: readonly string[]; isDestroyed: boolean }) {
  return (
    <Section title="Keys" count={countWords(keys.length)}>
      <PlainTable
        label="Keys"
        columns={[{ label: "Key" }, { label: "Value" }]}
        rows={keys.map((key) => ({
          key,
          cells: [
            <code key="key" className="break-all text-ink">
              {key}
            </code>,
            <span key="value" className="whitespace-nowrap text-ink-2">
              <span aria-hidden="true">••••••••••••</span> <span className="text-meta text-ink-3">{isDestroyed ? "destroyed" : "set"}</span>
            </span>,
          ],
        }))}
      />
    </Section>
  );
}

/** The versions, the newest first. */
export function Versions({ secret }: { secret: SecretPage }) {
  return (
    <Section title="Versions" count={countWords(secret.version)}>
      <PlainTable
        label="Versions"
        columns={[{ label: "Version" }, { label: "Keys", className: "min-w-48" }, { label: "By" }, { label: "Written" }, { label: "Values" }]}
        rows={secret.versions.map((row) => ({
          key: String(row.version),
          cells: [
            <b key="version" className="text-ink">
              v{row.version}
            </b>,
            <KeyNames key="keys" keys={row.keys} />,
            <WhoChip key="by" person={row.by} />,
            <Time key="at" at={row.at} />,
            row.destroyedAt ? (
              <span key="state" className="text-ink-3">
                destroyed <Time at={row.destroyedAt} />
              </span>
            ) : row.version === secret.version ? (
              "current"
            ) : (
              <span key="state" className="text-ink-3">
                replaced
              </span>
            ),
          ],
        }))}
      />
      {secret.versions.length < secret.version && <p className="mt-2 text-meta text-ink-3">The {secret.versions.length} newest are shown.</p>}
    </Section>
  );
}
