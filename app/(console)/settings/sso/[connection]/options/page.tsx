import type { Metadata } from "next";
import Link from "next/link";
import { directoryPath } from "@/components/directory/lists";
import { OptionsForm } from "@/components/sso/options-form";
import { DangerZone, TypedDelete } from "@/components/ui/danger-zone";
import { Section } from "@/components/ui/page-head";
import { counted } from "@/components/ui/time-words";
import { can } from "@/lib/authz/can";
import { page } from "@/lib/kernel/page";
import { refusalOf } from "../../../../refusal";
import { deleteConnectionAction } from "../../actions";
import { ConnectionFrame } from "../connection-frame";

export const metadata: Metadata = { title: "Options of a connection" };

/** What a connection takes, the groups that it brings, and its end. */
export default page("sso-connection:read", async (args) => (
  <ConnectionFrame
    args={args}
    tab="options"
    draw={async (connection) => {
      const { actor } = args.context;
      const enforced = connection.domains.filter((domain) => domain.enforcedAt !== null);
      return (
        <div className="pad-x pt-5 pb-10">
          <Section title="What it takes">
            <div className="max-w-[640px]">
              <OptionsForm connection={connection} refusal={refusalOf(actor, "sso-connection:update", {}, "Changing single sign-on is not in your role")} />
            </div>
          </Section>
          <Section title="Groups">
            <p className="max-w-[72ch]">
              The groups that sign-ins bring are kept as those of a directory, and{" "}
              <Link href={directoryPath(connection.directoryId, "rules")} className="link">
                rules on them
              </Link>{" "}
              give roles.{" "}
              <Link href={directoryPath(connection.directoryId, "groups")} className="link">
                See the groups
              </Link>
              .
            </p>
          </Section>
          {can(actor, "sso-connection:delete").allowed && (
            <DangerZone
              text={
                enforced.length > 0 ? (
                  <p>It can't be deleted while it is enforced for {enforced.map((domain) => domain.domain).join(", ")}: stop enforcing it first, in step 6.</p>
                ) : (
                  <p>Deleting it ends the sessions that came through it, and what its groups gave. Accounts stay.</p>
                )
              }
            >
              {enforced.length === 0 && (
                <TypedDelete
                  noun="connection"
                  name={connection.name}
                  action={deleteConnectionAction}
                  fields={{ connectionId: connection.id }}
                  doneHref="/settings/sso"
                  preview={
                    <ul className="list-disc pl-5">
                      <li>{counted(connection.identities, "person is", "people are")} linked to it; their sessions through it end at once.</li>
                      <li>What its groups gave ends. Accounts, passwords and other roles stay.</li>
                      <li>Its domains are free for another connection, and have to be proven anew.</li>
                    </ul>
                  }
                />
              )}
            </DangerZone>
          )}
        </div>
      );
    }}
  />
));
