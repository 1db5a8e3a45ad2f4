import type { Metadata } from "next";
import { VersionsTable } from "@/components/secret/versions-table";
import { ConsolePage } from "@/components/shell/console-page";
import { ButtonLink } from "@/components/ui/button";
import { Section } from "@/components/ui/page-head";
import { countWords } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { BUILT_IN, storeTitle } from "@/lib/secret-stores/schema";
import { getSecretPage } from "@/lib/secrets/get-secret-page";
import { getRevealState } from "@/lib/secrets/list-reveals";
import { listSecretVersions } from "@/lib/secrets/list-secret-versions";
import { attempt } from "../../../../attempt";
import { FailurePage } from "../../../../failure-page";
import { thingPlace } from "../../../thing-place";
import { destroyVersionAction, restoreVersionAction, takeOverAction } from "../../actions";
import { SecretHead } from "../secret-head";

export const metadata: Metadata = { title: "Versions of a secret" };

/** Every version of a secret, in pages, and the way back to an earlier one. */
export default page("secret:read", async (args) => {
  const { context, searchParams } = args;
  const { workspace, id, path, crumbs } = thingPlace(args, "secret");
  const before = /^\d{1,9}$/.test(String(searchParams.before ?? "")) ? Number(searchParams.before) : null;
  const { data, failure } = await attempt(context, () =>
    Promise.all([ask(getSecretPage, context, { id }), ask(getRevealState, context, { id }), ask(listSecretVersions, context, { id, before })]),
  );
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Secret" }]} failure={failure} />;
  const [secret, reveal, versions] = data;
  const target = {
    workspaceId: workspace.id,
    projectId: secret.projectId,
    ownerId: secret.ownerId,
    thing: { type: "secret", id: secret.id, name: secret.name },
  };
  const may = (permission: "secret:update" | "secret:delete") => !secret.organizationSecretId && can(context.actor, permission, target).allowed;
  return (
    <ConsolePage crumbs={[...crumbs, { label: secret.name, href: path }, { label: "Versions" }]}>
      <SecretHead secret={secret} reveal={reveal} actor={context.actor} workspace={workspace} current="versions" />
      <div className="pad-x py-5">
        <Section title="Versions" count={countWords(versions.total)}>
          <VersionsTable
            fields={{ workspace: workspace.slug, id: secret.id }}
            current={secret.version}
            rows={versions.rows}
            name={secret.name}
            restore={may("secret:update") ? restoreVersionAction : null}
            destroy={may("secret:delete") ? destroyVersionAction : null}
            takeOver={storeTitle(secret.store) !== BUILT_IN && may("secret:update") ? takeOverAction : null}
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
