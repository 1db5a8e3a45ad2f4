import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { StartMove } from "@/components/secret-store/start-move";
import { ConsolePage } from "@/components/shell/console-page";
import { PageHead } from "@/components/ui/page-head";
import { isUuid } from "@/lib/kernel/id";
import { page } from "@/lib/kernel/page";
import { previewMove } from "@/lib/secret-stores/get-move";
import { attempt } from "../../../../attempt";
import { FailurePage } from "../../../../failure-page";

export const metadata: Metadata = { title: "Move secrets" };

/** A dry run: what would move, and what can't. */
export default page("secret:read-value", async ({ context, place, searchParams }) => {
  const { workspace } = place;
  const to = String(searchParams.to ?? "").toLowerCase();
  if (!workspace || (to !== "" && !isUuid(to))) notFound();
  const settings = `/${workspace.slug}/settings`;
  const { data: preview, failure } = await attempt(context, () => previewMove(context, { to }));
  const crumbs = [
    { label: workspace.slug, href: `/${workspace.slug}` },
    { label: "Settings", href: settings },
    { label: "Secret store", href: `${settings}/secret-store` },
    { label: "Move" },
  ];
  if (failure) return <FailurePage crumbs={crumbs} failure={failure} />;
  return (
    <ConsolePage crumbs={crumbs}>
      <PageHead title={`Move everything to ${preview.to}`} below="A dry run: nothing is changed by looking at this page." />
      <div className="pad-x py-5">
        <StartMove workspace={workspace.slug} to={to} preview={preview} />
      </div>
    </ConsolePage>
  );
});
