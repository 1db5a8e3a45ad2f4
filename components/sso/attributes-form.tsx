"use client";

import { setAttributesAction } from "@/app/(console)/settings/sso/actions";
import { TextField } from "@/components/ui/field";
import type { Refusal } from "@/components/ui/refused";
import type { AttributeMap, ConnectionFacts } from "@/lib/sso/schema";
import { providerName, ssoPath } from "./steps";
import { WizardForm } from "./wizard-form";

const FIELDS: { id: keyof AttributeMap; label: string; help?: string }[] = [
  { id: "email", label: "E-mail address" },
  { id: "name", label: "Whole name", help: "Or the two below." },
  { id: "givenName", label: "Given name" },
  { id: "familyName", label: "Family name" },
  { id: "groups", label: "Groups", help: "Without it no groups are read, and rules give nothing by this connection." },
];

/** Step 4: which attribute holds what, with what the last test login sent beside each. `sent`: null before the first one. */
export function AttributesForm({ connection, sent, refusal }: { connection: ConnectionFacts; sent: Record<string, string[]> | null; refusal: Refusal | null }) {
  const others = Object.keys(sent ?? {}).filter((claim) => !Object.values(connection.attributes).includes(claim));
  return (
    <WizardForm
      action={setAttributesAction}
      hidden={{ connectionId: connection.id }}
      backHref={ssoPath(connection.slug, "take")}
      hrefAfter={() => ssoPath(connection.slug, "test")}
      refusal={refusal}
    >
      {(errorOf) => (
        <>
          <p className="max-w-[72ch]">
            These are the names that {providerName(connection)} uses when it is set up as in step 2.{" "}
            {sent ? "Beside each stands what the last test login sent." : "After a test login, what it sent stands beside each."}
          </p>
          {FIELDS.map(({ id, label, help }) => {
            const attribute = connection.attributes[id];
            return (
              <div key={id} className="grid gap-x-6 gap-y-1 md:grid-cols-[minmax(0,5fr)_minmax(0,4fr)]">
                <TextField
                  id={id}
                  label={label}
                  optional={id !== "email"}
                  autoComplete="off"
                  spellCheck={false}
                  defaultValue={attribute ?? ""}
                  help={help}
                  error={errorOf(id)}
                />
                {sent && attribute && (
                  <p className="min-w-0 md:pt-7">
                    <span className="text-meta text-ink-3">Sent: </span>
                    {sent[attribute]?.length ? (
                      <span className="break-words text-ink">{sent[attribute].join(", ")}</span>
                    ) : (
                      <span className={id === "email" ? "text-fail" : "text-warn"}>nothing under this name</span>
                    )}
                  </p>
                )}
              </div>
            );
          })}
          {others.length > 0 && (
            <p className="max-w-[72ch] text-ink-3">
              It also sent: <span className="break-all">{others.join(", ")}</span>.
            </p>
          )}
        </>
      )}
    </WizardForm>
  );
}
