import { CopyButton } from "@/components/ui/copy-button";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { buttonClass } from "@/components/ui/button";
import { Icon } from "@/components/ui/icon";
import type { ConnectionFacts } from "@/lib/sso/schema";
import { instructionsFor, type OurAddresses } from "./provider-fields";
import { providerName } from "./steps";

/** Step 2: what to fill in at the provider, by the names that its fields have there. */
export function GiveStep({ connection, our }: { connection: ConnectionFacts; our: OurAddresses }) {
  const { where, fields, notes } = instructionsFor(connection.provider, connection.protocol, our, connection.attributes);
  return (
    <>
      <Section
        title={`In ${providerName(connection)}`}
        aside={
          connection.protocol === "saml" && (
            <a href={our.entityId} download={`reeve-${connection.slug}-metadata.xml`} className={buttonClass()}>
              <Icon name="download" size={14} />
              Our metadata
            </a>
          )
        }
      >
        <p className="mb-2 max-w-[72ch]">{where}</p>
        <PlainTable
          label="What to fill in there"
          columns={[{ label: "Field there", className: "md:whitespace-nowrap" }, { label: "Value" }, { label: "", className: "w-8" }]}
          rows={fields.map(({ field, value, copy }) => ({
            key: `${field} ${value}`,
            cells: [
              field,
              copy ? (
                <code key="value" className="break-all text-ink">
                  {value}
                </code>
              ) : (
                value
              ),
              copy && <CopyButton key="copy" text={value} label={`Copy ${field}`} />,
            ],
          }))}
        />
      </Section>
      {notes.map((note) => (
        <p key={note} className="mt-3 max-w-[72ch] text-ink-3">
          {note}
        </p>
      ))}
    </>
  );
}
