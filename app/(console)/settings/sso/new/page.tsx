import type { Metadata } from "next";
import { ProviderForm } from "@/components/sso/provider-form";
import { StepList } from "@/components/sso/step-list";
import { ConsolePage } from "@/components/shell/console-page";
import { ButtonLink } from "@/components/ui/button";
import { PageHead } from "@/components/ui/page-head";
import { environment } from "@/lib/kernel/env";
import { page } from "@/lib/kernel/page";

export const metadata: Metadata = { title: "Connect an identity provider" };

const AHEAD = [
  ["give", "Give it our data", "URLs, by its field names"],
  ["take", "Take its data", "metadata, or fields"],
  ["attributes", "Map attributes", "e-mail, name, groups"],
  ["test", "Test login", "dry: signs nobody in"],
  ["domains", "Domain, enforcement", "proven first"],
] as const;

/** Step 1 of a connection that is not there yet. */
export default page("sso-connection:create", async ({ place }) => (
  <ConsolePage crumbs={[{ label: place.organization.name, href: "/" }, { label: "Single sign-on", href: "/settings/sso" }, { label: "Connect a provider" }]}>
    <PageHead
      title="Connect an identity provider"
      actions={
        <ButtonLink look="ghost" href="/settings/sso">
          Leave
        </ButtonLink>
      }
    />
    <div className="mt-3.5 flex flex-1 flex-col border-t border-rule md:flex-row">
      <StepList
        current="provider"
        steps={[
          { id: "provider", title: "Provider", note: "which, over which protocol", isDone: false },
          ...AHEAD.map(([id, title, note]) => ({ id, title, note, isDone: false })),
        ]}
      />
      <div className="flex min-w-0 flex-1 flex-col">
        <ProviderForm base={environment().url} refusal={null} />
      </div>
    </div>
  </ConsolePage>
));
