import type { Metadata } from "next";
import { StoreForm } from "@/components/secret-store/store-form";
import { ConsolePage } from "@/components/shell/console-page";
import { PageHead } from "@/components/ui/page-head";
import { page } from "@/lib/kernel/page";
import { storeKinds } from "@/lib/secret-stores/kinds";

export const metadata: Metadata = { title: "Add a secret store" };

export default page("secret:read-value", async ({ place }) => {
  const { workspace } = place;
  if (!workspace) throw new Error("The path of this page names a workspace.");
  const settings = `/${workspace.slug}/settings`;
  return (
    <ConsolePage
      crumbs={[
        { label: workspace.slug, href: `/${workspace.slug}` },
        { label: "Settings", href: settings },
        { label: "Secret store", href: `${settings}/secret-store` },
        { label: "Add a store" },
      ]}
    >
      <PageHead title="Add a secret store" below="New values of this workspace go there. What lies elsewhere stays until you move it." />
      <div className="pad-x py-5">
        <StoreForm workspace={workspace.slug} kinds={storeKinds()} />
      </div>
    </ConsolePage>
  );
});
