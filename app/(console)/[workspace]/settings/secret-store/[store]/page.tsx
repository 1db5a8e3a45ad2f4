import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { StoreForm } from "@/components/secret-store/store-form";
import { ConsolePage } from "@/components/shell/console-page";
import { PageHead } from "@/components/ui/page-head";
import { isUuid } from "@/lib/kernel/id";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getStoreDraft } from "@/lib/secret-stores/get-stores";
import { storeKinds } from "@/lib/secret-stores/kinds";
import { storeTitle } from "@/lib/secret-stores/schema";
import { attempt } from "../../../../attempt";
import { FailurePage } from "../../../../failure-page";

export const metadata: Metadata = { title: "Change the secret store" };

export default page("secret:read-value", async ({ context, place, params }) => {
  const { workspace } = place;
  const id = params.store?.toLowerCase();
  if (!workspace || !isUuid(id)) notFound();
  const settings = `/${workspace.slug}/settings`;
  const { data: draft, failure } = await attempt(context, () => ask(getStoreDraft, context, { id }));
  const crumbs = [
    { label: workspace.slug, href: `/${workspace.slug}` },
    { label: "Settings", href: settings },
    { label: "Secret store", href: `${settings}/secret-store` },
  ];
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Store" }]} failure={failure} />;
  return (
    <ConsolePage crumbs={[...crumbs, { label: storeTitle(draft.type) }]}>
      <PageHead
        title={`Change ${storeTitle(draft.type)}`}
        below="A credential that you leave empty stays, where nothing else changes. What lies there has to be found with the new settings."
      />
      <div className="pad-x py-5">
        <StoreForm workspace={workspace.slug} kinds={storeKinds().filter((kind) => kind.type === draft.type)} stored={draft} />
      </div>
    </ConsolePage>
  );
});
