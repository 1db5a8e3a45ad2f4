import type { Metadata } from "next";
import { VersionsTable } from "@/components/secret/versions-table";
import { ConsolePage } from "@/components/shell/console-page";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/page-head";
import { countWords } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import { listIntegrationVersions } from "@/lib/integrations/get-integration";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../../../attempt";
import { FailurePage } from "../../../../failure-page";
import { destroyIntegrationVersionAction, restoreIntegrationAction } from "../../actions";
import { IntegrationHead } from "../integration-head";
import { integrationPlace, readIntegration } from "../read-integration";

export const metadata: Metadata = { title: "Versions of a secret of the organization" };

/** Every version, in pages, and the way back to an earlier one. */
export default page("session:read", async (args) => {
  const { context, searchParams } = args;
  const { id, path, crumbs } = integrationPlace(args);
  const before = /^\d{1,9}$/.test(String(searchParams.before ?? "")) ? Number(searchParams.before) : null;
  const { data, failure } = await attempt(context, () => Promise.all([readIntegration(context, id), ask(listIntegrationVersions, context, { id, before })]));
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Secret" }]} failure={failure} />;
  const [[secret, choices], versions] = data;
  return (
    <ConsolePage crumbs={[...crumbs, { label: secret.name, href: path }, { label: "Versions" }]}>
      <IntegrationHead secret={secret} actor={context.actor} current="versions" choices={choices} />
      <div className="pad-x py-5">
        <Section title="Versions" count={countWords(versions.total)}>
          <VersionsTable
            fields={{ id }}
            current={secret.version}
            rows={versions.rows}
            name={secret.name}
            restore={can(context.actor, "integration:update").allowed ? restoreIntegrationAction : null}
            destroy={can(context.actor, "integration:delete").allowed ? destroyIntegrationVersionAction : null}
          />
          <div className="mt-3 flex gap-2">
            {before !== null && <ButtonLink href={`${path}/versions`}>Newest</ButtonLink>}
            {versions.olderThan !== null && <ButtonLink href={`${path}/versions?before=${versions.olderThan}`}>Older</ButtonLink>}
          </div>
        </Section>
      </div>
    </ConsolePage>
  );
});
