"use client";

import { useRouter } from "next/navigation";
import { setNetworks } from "@/app/(console)/[workspace]/settings/actions";
import { describedBy, Field, Textarea } from "@/components/ui/field";
import { ActionForm } from "@/components/ui/form-dialog";
import { Section } from "@/components/ui/page-head";
import { type Refusal, RefusedControl } from "@/components/ui/refused";
import { useToast } from "@/components/ui/toast";

const HELP =
  "One a line, such as 10.20.0.0/16. Connectors and secret stores of this workspace may then call addresses in them, besides public ones. Link-local addresses and cloud metadata services stay closed.";

/** Which private networks the workspace's outgoing calls may reach: a System Admin says so. */
export function NetworksForm({ workspace, refusal }: { workspace: { id: string; slug: string; allowNetworks: string[] }; refusal: Refusal | null }) {
  const router = useRouter();
  const toast = useToast();
  return (
    <Section title="Private networks" aside={refusal && <RefusedControl label="Change networks" refusal={refusal} />}>
      <ActionForm
        action={setNetworks}
        hidden={{ workspace: workspace.slug, id: workspace.id }}
        submit="Save networks"
        foot={refusal ? () => null : undefined}
        onDone={() => {
          toast("Saved the networks.");
          router.refresh();
        }}
      >
        {(errorOf) => {
          const error = errorOf("allowNetworks");
          return (
            <Field id="allowNetworks" label="Networks that may be called" optional help={HELP} error={error}>
              <Textarea
                id="allowNetworks"
                name="allowNetworks"
                defaultValue={workspace.allowNetworks.join("\n")}
                disabled={refusal !== null}
                spellCheck={false}
                rows={3}
                className="font-mono"
                {...describedBy("allowNetworks", HELP, error)}
              />
            </Field>
          );
        }}
      </ActionForm>
    </Section>
  );
}
