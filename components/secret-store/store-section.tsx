import { Badge } from "@/components/ui/badge";
import { type Fact, FactList } from "@/components/ui/facts";
import { Section } from "@/components/ui/page-head";
import { Time } from "@/components/ui/time";
import { counted } from "@/components/ui/time-words";
import type { StoreView } from "@/lib/secret-stores/schema";
import { StoreActs } from "./store-acts";

/** The badge of the store that new values go to. */
export const NewValues = () => <Badge tone="ok">new values go here</Badge>;

/** One outside store: where it is, what lies there, whether it answers. */
export function StoreSection({ store, workspace, mayChange, mayMove }: { store: StoreView; workspace: string; mayChange: boolean; mayMove: boolean }) {
  const facts: Fact[] = [
    ...store.configuration.map(([name, value]) => ({ label: words(name), value: value.includes("\n") ? "given" : <code>{value}</code> })),
    { label: "Credentials", value: store.credentials.length > 0 ? `${store.credentials.map(words).join(", ")}: sealed, never shown` : "none" },
    { label: "Lies there", value: counted(store.versions, "version") },
    {
      label: "State",
      value: store.lastError ? (
        <span className="text-fail">
          {store.lastError} {store.lastErrorAt && <Time at={store.lastErrorAt} />}
        </span>
      ) : store.verifiedAt ? (
        <span>
          accepted <Time at={store.verifiedAt} />
        </span>
      ) : (
        "not tried yet"
      ),
    },
    ...(store.waiting > 0
      ? [{ label: "Waiting", value: `${counted(store.waiting, "version")} to be hidden, brought back or destroyed there. ${store.waitingError ?? ""}` }]
      : []),
  ];
  return (
    <Section title={store.title} aside={store.isCurrent && <NewValues />}>
      <FactList facts={facts} />
      {mayChange && (
        <div className="mt-3">
          <StoreActs
            workspace={workspace}
            id={store.id}
            title={store.title}
            isCurrent={store.isCurrent}
            isEmpty={store.versions + store.waiting === 0}
            mayMove={mayMove}
          />
        </div>
      )}
    </Section>
  );
}

/** "secretAccessKey" → "Secret access key". */
function words(name: string): string {
  const spaced = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
