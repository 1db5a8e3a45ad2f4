import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ThingEntries } from "@/components/audit/thing-entries";
import { KeysAndVersions } from "@/components/secret/keys-and-versions";
import { ConsolePage } from "@/components/shell/console-page";
import { DangerZone, TypedDelete } from "@/components/ui/danger-zone";
import { RefusedControl } from "@/components/ui/refused";
import { countWords } from "@/components/ui/time-words";
import { isUuid } from "@/lib/kernel/id";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { getSecretPage } from "@/lib/secrets/get-secret-page";
import { FailurePage } from "../../../failure-page";
import { refusalOf } from "../../../refusal";
import { readThing } from "../../read-thing";
import { ThingAccess } from "../../thing-access";
import { removeSecret } from "../actions";
import { SecretHead } from "./secret-head";

export const metadata: Metadata = { title: "Secret" };

const TABS = ["keys", "access", "audit"] as const;

export default page("secret:read", async ({ context, place, params, searchParams }) => {
  const { workspace } = place;
  const id = params.secret?.toLowerCase();
  if (!workspace || !isUuid(id)) notFound();
  const { actor } = context;
  const { data, failure } = await readThing(context, workspace, id, () => ask(getSecretPage, context, { id }));
  const base = `/${workspace.slug}`;
  const crumbs = [
    { label: workspace.slug, href: base },
    { label: "Secrets", href: `${base}/secrets` },
  ];
  if (failure) return <FailurePage crumbs={[...crumbs, { label: "Secret" }]} failure={failure} />;
  const [secret, entries] = data;
  const target = { workspaceId: workspace.id, ownerId: secret.ownerId, thing: { type: "secret", id: secret.id, name: secret.name } };
  const mayNotDelete = refusalOf(actor, "secret:delete", target, "Deleting this secret is not in your role");
  const tab = TABS.find((known) => known === searchParams.tab) ?? "keys";
  return (
    <ConsolePage crumbs={[...crumbs, { label: secret.name }]}>
      <SecretHead secret={secret} actor={actor} workspace={workspace} current={tab} entries={entries?.total.count} />
      <div className="pad-x py-5">
        {tab === "keys" && (
          <>
            <KeysAndVersions secret={secret} />
            <DangerZone text="From then on nobody can use it, and its name is free. What refers to it finds nothing.">
              {mayNotDelete ? (
                <RefusedControl label="Delete this secret" refusal={mayNotDelete} />
              ) : (
                <TypedDelete
                  noun="secret"
                  name={secret.name}
                  action={removeSecret}
                  fields={{ workspace: workspace.slug, id: secret.id }}
                  doneHref={`${base}/secrets`}
                  preview={
                    <>
                      <p>
                        <b>Ends:</b> reading {secret.name}, in all {countWords(secret.version)} {secret.version === 1 ? "version" : "versions"}, by clients and
                        people.
                      </p>
                      <p>
                        <b>Falls with it:</b> nothing that Reeve keeps. Code and components that refer to it as {`{{${secret.name}.…}}`} find nothing.
                      </p>
                      <p>
                        <b>Stay:</b> its versions and uses as records, and the entries of the trail. What the values open stays open: end them there too.
                      </p>
                    </>
                  }
                />
              )}
            </DangerZone>
          </>
        )}
        {tab === "access" &&
          (secret.isPrivate ? (
            <p className="max-w-[72ch]">It is private: only its owner knows of it, whatever roles others hold.</p>
          ) : (
            <ThingAccess
              context={context}
              workspace={workspace}
              thing={{ type: "secret", id: secret.id, name: secret.name }}
              owner={secret.owner?.name ?? null}
            />
          ))}
        {tab === "audit" && <ThingEntries noun="secret" entries={entries?.rows ?? null} auditPath={`${base}/audit`} thingId={secret.id} />}
      </div>
    </ConsolePage>
  );
});
