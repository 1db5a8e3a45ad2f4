import type { Metadata } from "next";
import { MovePanel } from "@/components/secret-store/move-panel";
import { UseForNew } from "@/components/secret-store/store-acts";
import { NewValues, StoreSection } from "@/components/secret-store/store-section";
import { ConsolePage } from "@/components/shell/console-page";
import { Poll } from "@/components/table/poll";
import { ButtonLink } from "@/components/ui/button";
import { FailureState } from "@/components/ui/failure-state";
import { PageHead, Section } from "@/components/ui/page-head";
import { RefusedControl } from "@/components/ui/refused";
import { counted } from "@/components/ui/time-words";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getMove } from "@/lib/secret-stores/get-move";
import { getStores } from "@/lib/secret-stores/get-stores";
import { BUILT_IN } from "@/lib/secret-stores/schema";
import { attempt } from "../../../attempt";
import { refusalOf } from "../../../refusal";
import { SettingsTabs } from "../../../settings/settings-tabs";

export const metadata: Metadata = { title: "Secret store" };

/** Where the values of the workspace's secrets lie. */
export default page("api-key:read", async ({ context, place }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const base = `/${workspace.slug}`;
  const { data, failure } = await attempt(context, () => Promise.all([ask(getStores, context, {}), ask(getMove, context, {})]));
  const here = { workspaceId: workspace.id };
  const refusal =
    refusalOf(context.actor, "secret:read-value", here, "Who may not read all values doesn’t say where they lie") ??
    refusalOf(context.actor, "workspace:update", here, "Changing the workspace is not in your role");
  const [found, move] = data ?? [];
  const all = found ? found.builtIn + found.stores.reduce((sum, store) => sum + store.versions, 0) : 0;
  return (
    <ConsolePage crumbs={[{ label: workspace.slug, href: base }, { label: "Settings", href: `${base}/settings` }, { label: "Secret store" }]}>
      <PageHead
        isInBar
        title="Secret store"
        actions={
          refusal ? (
            <RefusedControl label="Add a store" refusal={refusal} />
          ) : (
            <ButtonLink href={`${base}/settings/secret-store/new`} look="primary" icon="plus">
              Add a store
            </ButtonLink>
          )
        }
      />
      <SettingsTabs slug={workspace.slug} current="secret-store" />
      <div className="pad-x pt-5 pb-12">
        {failure || !found ? (
          failure && <FailureState failure={failure} />
        ) : (
          <div className="max-w-[720px]">
            {move && <MovePanel move={move} workspace={workspace.slug} mayChange={!refusal} />}
            {move && !move.isStopped && (move.state === "copying" || move.state === "rolling-back") && <Poll seconds={2} />}
            <p className="mb-5 text-ink-2">
              Values lie in Reeve’s database, sealed, or in a store of your own. There it is the only place they lie in: Reeve keeps where they are, the names
              of their keys, and prints by which logs recognize and hide them.
            </p>
            <Section title={BUILT_IN} aside={found.current === null && <NewValues />}>
              <p className="text-ink-2">{counted(found.builtIn, "version")}, each sealed under a key of its own.</p>
              {found.stores.length === 0 && !refusal && (
                <p className="text-ink-2">
                  Add a store to keep them in your OpenBao, Vault, AWS, Google or Azure instead: what is here stays until you move it.
                </p>
              )}
              {!refusal && (
                <div className="mt-3 flex flex-wrap gap-2">
                  {found.current !== null && <UseForNew workspace={workspace.slug} storeId="" title="Reeve’s own store" />}
                  {!move && found.builtIn < all && <ButtonLink href={`${base}/settings/secret-store/move?to=`}>Move everything here</ButtonLink>}
                </div>
              )}
            </Section>
            {found.stores.map((store) => (
              <StoreSection key={store.id} store={store} workspace={workspace.slug} mayChange={!refusal} mayMove={!move && store.versions < all} />
            ))}
          </div>
        )}
      </div>
    </ConsolePage>
  );
});
