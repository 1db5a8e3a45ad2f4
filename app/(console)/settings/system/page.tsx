import type { Metadata } from "next";
import { ConsolePage } from "@/components/shell/console-page";
import { MasterKeyMoveBanner } from "@/components/system/master-key-move";
import { MasterKeyTable } from "@/components/system/master-key-table";
import { RotateMasterKey } from "@/components/system/rotate-master-key";
import { Poll } from "@/components/table/poll";
import { Banner } from "@/components/ui/banner";
import { FactsStrip } from "@/components/ui/facts";
import { FailureState } from "@/components/ui/failure-state";
import { PageHead, Section } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { Time } from "@/components/ui/time";
import { getMasterKeys } from "@/lib/master-key/get-master-keys";
import type { MasterKeys } from "@/lib/master-key/schema";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../attempt";
import { refusalOf } from "../../refusal";

export const metadata: Metadata = { title: "System" };

/** The installation's master key: where it comes from, its name, and its rotation with progress. */
export default page("system:read", async ({ context, place }) => {
  const { data: found, failure } = await attempt(context, () => ask(getMasterKeys, context, {}));
  const refusal = refusalOf(context.actor, "system:update", {}, "Rotating the master key is not in your role");
  return (
    <ConsolePage crumbs={[{ label: place.organization.name, href: "/" }, { label: "System" }]}>
      {found?.sealed && (
        <Banner tone="warn" icon="triangle-alert">
          {found.sealed}
        </Banner>
      )}
      {found?.move && <MasterKeyMoveBanner move={found.move} />}
      <PageHead
        title="System"
        below="The master key seals what rests in the database. It can be changed while everything is used: each value keeps its own key, and only those keys are wrapped anew."
        actions={refusal ? <RefusedControl label="Rotate master key…" refusal={refusal} /> : found && <RotateMasterKey found={found} />}
      />
      {failure ? (
        <div className="pad-x py-5">
          <FailureState failure={failure} />
        </div>
      ) : (
        <>
          {found.move && found.move.failed === 0 && <Poll seconds={2} />}
          <FactsStrip facts={factsOf(found)} />
          <div className="pad-x pt-5 pb-10">
            <Section title="Master keys" count={String(found.keys.length)}>
              <MasterKeyTable keys={found.keys} />
            </Section>
          </div>
        </>
      )}
    </ConsolePage>
  );
});

const NEXT_WORDS = { file: "a new file", waiting: "waits", outside: "sealed by the key service", environment: "from the environment" };

function factsOf({ keys, sealed, next }: MasterKeys) {
  const active = keys.find((key) => key.state === "active");
  return [
    { label: "Seals with", value: active ? <code>{active.id}</code> : "no key" },
    { label: "Source", value: active?.place ? <code className="break-all">{active.place}</code> : "can’t be read" },
    { label: "Since", value: active?.since ? <Time at={active.since} /> : "nothing is sealed yet" },
    { label: "Secrets", value: sealed ? "sealed" : "open" },
    { label: "The next key", value: NEXT_WORDS[next ?? "environment"] },
  ];
}
