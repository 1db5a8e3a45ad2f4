"use client";

import { useRouter } from "next/navigation";
import { updateWorkspace } from "@/app/(console)/[workspace]/settings/actions";
import { DescriptionField } from "@/components/ui/description-field";
import { describedBy, Field, Select, TextField } from "@/components/ui/field";
import { ActionForm } from "@/components/ui/form-dialog";
import { Section } from "@/components/ui/page-head";
import { useToast } from "@/components/ui/toast";

type Props = {
  workspace: { id: string; slug: string; displayName: string; description: string; graceDays: number; wireRole: string };
  url: string;
  roles: { value: string; label: string }[];
  isReadOnly: boolean;
};

/** General settings and defaults of a workspace in one form. */
export function SettingsForm({ workspace, url, roles, isReadOnly }: Props) {
  const router = useRouter();
  const toast = useToast();
  return (
    <ActionForm
      action={updateWorkspace}
      hidden={{ workspace: workspace.slug, id: workspace.id }}
      submit="Save changes"
      onDone={() => {
        toast("Saved the settings.");
        router.refresh();
      }}
    >
      {(errorOf) => (
        <fieldset disabled={isReadOnly} className="flex flex-col gap-4">
          <Section title="General">
            <div className="flex flex-col gap-4">
              <TextField id="displayName" label="Display name" defaultValue={workspace.displayName} maxLength={100} error={errorOf("displayName")} />
              <DescriptionField value={workspace.description} max={500} error={errorOf("description")} />
              <Field id="url" label="URL" help="Of its pages and for its clients. It never changes.">
                <p id="url" className="break-all text-form text-ink">
                  <code>{url}</code>
                </p>
              </Field>
            </div>
          </Section>
          <Section title="Defaults">
            <div className="flex flex-col gap-4">
              <Field
                id="wireRole"
                label="Accounts that a client makes start as"
                help="For zenml service-account create and zenml user create. Never more than whoever runs the command may."
                error={errorOf("wireRole")}
              >
                <Select id="wireRole" name="wireRole" defaultValue={workspace.wireRole} {...describedBy("wireRole", true, errorOf("wireRole"))}>
                  {roles.map((role) => (
                    <option key={role.value} value={role.value}>
                      {role.label}
                    </option>
                  ))}
                </Select>
              </Field>
              <TextField
                id="graceDays"
                label="Days of grace for a leaver’s keys"
                type="number"
                min={0}
                max={90}
                defaultValue={workspace.graceDays}
                help="Keys that somebody made or saw end with their account. With days of grace there is time to rotate them; 0 ends them at once."
                error={errorOf("graceDays")}
              />
            </div>
          </Section>
        </fieldset>
      )}
    </ActionForm>
  );
}
