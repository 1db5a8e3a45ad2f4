import type { ReactNode } from "react";
import { REVOCATION, TABS } from "@/components/revocation/lists";
import { ConsolePage } from "@/components/shell/console-page";
import { PageHead } from "@/components/ui/page-head";
import { LinkTabs } from "@/components/ui/tabs";
import type { PageArguments } from "@/lib/kernel/page";

/** The head and tabs of the revocation monitor. `alarm` stands above everything. */
export function RevocationFrame({
  place,
  tab,
  fills,
  alarm,
  actions,
  children,
}: Pick<PageArguments, "place"> & { tab: (typeof TABS)[number]["id"]; fills?: boolean; alarm?: ReactNode; actions: ReactNode; children: ReactNode }) {
  return (
    <ConsolePage
      fills={fills}
      crumbs={[
        { label: place.organization.name, href: "/" },
        { label: "Revocation", ...(tab === "monitor" ? {} : { href: REVOCATION }) },
      ]}
    >
      {alarm}
      <PageHead
        isInBar={fills}
        title="Revocation"
        below="Every hour an account of Reeve's own loses its access in each way that people can lose it, and each surface is asked until it refuses."
        actions={actions}
      />
      <LinkTabs label="Revocation" tabs={TABS.map((one) => ({ href: one.href, label: one.label, isCurrent: one.id === tab }))} />
      {children}
    </ConsolePage>
  );
}
