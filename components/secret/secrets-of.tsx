import Link from "next/link";
import { PlainTable } from "@/components/ui/plain-table";
import { Time } from "@/components/ui/time";
import type { ThingSecret } from "@/lib/secrets/ledger-schema";

/** The secrets that are bound to a stack or component. */
export function SecretsOf({ base, noun, secrets }: { base: string; noun: string; secrets: ThingSecret[] }) {
  if (secrets.length === 0)
    return (
      <p className="max-w-[72ch] text-ink-3">
        None that you may know of. Bind one on its page, or with <code>zenml {noun === "stack" ? "stack" : "…"} update --secret</code>; a component that refers
        to one as {"{{name.key}}"} binds it by itself.
      </p>
    );
  return (
    <PlainTable
      label={`Secrets of the ${noun}`}
      columns={[{ label: "Secret" }, { label: "How" }, { label: "Last used" }]}
      rows={secrets.map((secret) => ({
        key: secret.bindingId,
        cells: [
          <Link key="secret" className="link" href={`${base}/secrets/${secret.id}`}>
            {secret.name}
          </Link>,
          secret.path === "reference" ? `by reference in ${secret.fields.join(", ")}` : secret.path === "code" ? "named in code" : "attached",
          secret.lastUsedAt ? (
            <Time key="used" at={secret.lastUsedAt} />
          ) : (
            <span key="used" className="text-ink-3">
              never
            </span>
          ),
        ],
      }))}
    />
  );
}
