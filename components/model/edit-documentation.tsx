"use client";

import { documentModelAction } from "@/app/(console)/[workspace]/projects/[project]/models/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { describedBy, Field, Textarea } from "@/components/ui/field";
import { DOCUMENTATION, type ModelPage } from "@/lib/models/schema";

type Props = { workspace: string; model: Pick<ModelPage, "id" | "name" | "updatedAt" | "documentation"> };

/** The form of a model's documentation. */
export function EditDocumentation({ workspace, model }: Props) {
  return (
    <ActionDialog
      label="Edit documentation…"
      title={`Documentation of ${model.name}`}
      action={documentModelAction}
      hidden={{ workspace, id: model.id, updatedAt: model.updatedAt }}
      submit="Save documentation"
      said={() => `Saved the documentation of ${model.name}.`}
    >
      {(errorOf) =>
        DOCUMENTATION.map(({ key, label, help }) => (
          <Field key={key} id={key} label={label} help={help} optional error={errorOf(key)}>
            <Textarea id={key} name={key} rows={3} defaultValue={model.documentation[key] ?? ""} maxLength={20_000} {...describedBy(key, help, errorOf(key))} />
          </Field>
        ))
      }
    </ActionDialog>
  );
}
