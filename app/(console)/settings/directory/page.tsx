import type { Metadata } from "next";
import Link from "next/link";
import { ConnectDirectory } from "@/components/directory/connect";
import { DirectoryState } from "@/components/directory/directory-state";
import { directoryPath } from "@/components/directory/lists";
import { ConsolePage } from "@/components/shell/console-page";
import { PageHead } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { RefusedControl } from "@/components/ui/refused";
import { EmptyState } from "@/components/ui/states";
import { Time } from "@/components/ui/time";
import { countWords } from "@/components/ui/time-words";
import { listDirectories } from "@/lib/directories/queries";
import { PROVIDERS } from "@/lib/directories/schema";
import { page } from "@/lib/kernel/page";
import { ask } from "@/lib/kernel/query";
import { attempt } from "../../attempt";
import { refusalOf } from "../../refusal";
import { FailureState } from "@/components/ui/failure-state";

export const metadata: Metadata = { title: "Directory" };

/** The directories that provision people and groups. */
export default page("directory:read", async ({ context, place }) => {
  const { data: directories, failure } = await attempt(context, () => ask(listDirectories, context, {}));
  const refusal = refusalOf(context.actor, "directory:create", {}, "Connecting a directory is not in your role");
  return (
    <ConsolePage crumbs={[{ label: place.organization.name, href: "/" }, { label: "Directory" }]}>
      <PageHead
        title="Directory"
        below="People and groups come from your identity provider over SCIM 2.0, and what it ends here is over on the next request."
        actions={refusal ? <RefusedControl label="Connect a directory…" refusal={refusal} /> : <ConnectDirectory />}
      />
      <div className="pad-x pt-5 pb-10">
        {failure ? (
          <FailureState failure={failure} />
        ) : directories.length === 0 ? (
          <EmptyState title="No directory is connected.">
            <p className="max-w-[72ch]">
              Connect Okta, Microsoft Entra ID or any SCIM 2.0 client: it then says who is here and in which groups, and rules turn groups into roles.
            </p>
          </EmptyState>
        ) : (
          <PlainTable
            label="Directories"
            columns={[
              { label: "Name" },
              { label: "Kind" },
              { label: "State" },
              { label: "People", align: "right" },
              { label: "Groups", align: "right" },
              { label: "Last heard" },
              { label: "Old token ends" },
            ]}
            rows={directories.map((directory) => ({
              key: directory.id,
              cells: [
                <Link key="name" href={directoryPath(directory.id)} className="inline-flex min-h-6 items-center text-ink underline">
                  {directory.name}
                </Link>,
                PROVIDERS[directory.provider],
                <DirectoryState key="state" directory={directory} />,
                countWords(directory.people),
                countWords(directory.groups),
                directory.lastEventAt ? <Time key="at" at={directory.lastEventAt} /> : "never",
                directory.tokenEndsAt ? <Time key="ends" at={directory.tokenEndsAt} /> : "–",
              ],
            }))}
          />
        )}
      </div>
    </ConsolePage>
  );
});
