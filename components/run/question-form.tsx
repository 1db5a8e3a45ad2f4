"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { ActionDialog } from "@/components/ui/action-dialog";
import { describedBy, Field, Textarea, TextField } from "@/components/ui/field";
import { ActionForm, type FormAction } from "@/components/ui/form-dialog";
import { SelectField } from "@/components/ui/select-field";
import { useToast } from "@/components/ui/toast";
import { type AnswerField, answerFields, answerText } from "./answer-fields";

export type Answer = FormAction<string>;
type Props = { id: string; schema: string | null; workspace: string; answer: Answer; run: string };

/** The form that a question asks for, with the two ways on: continue with an answer, or abort the run. */
export function QuestionForm({ id, schema, workspace, answer, run }: Props) {
  const fields = answerFields(schema);
  const [values, setValues] = useState<Record<string, string>>(() => Object.fromEntries((fields ?? []).map((field) => [field.key, field.initial])));
  const [json, setJson] = useState("");
  const router = useRouter();
  const toast = useToast();
  const result = fields ? answerText(fields, (key) => values[key] ?? "") : json;
  return (
    <div className="flex max-w-[640px] flex-col gap-3">
      <ActionForm
        action={answer}
        hidden={{ workspace, id, resolution: "continue", result: result ?? "null" }}
        submit="Continue the run"
        onDone={() => {
          toast("Answered. The run goes on when its process hears it.");
          router.refresh();
        }}
      >
        {(errorOf) =>
          fields ? (
            fields.map((field) => (
              <AnswerInput
                key={field.key}
                field={field}
                value={values[field.key] ?? ""}
                error={field === meant(fields, errorOf("result")) ? errorOf("result") : undefined}
                onChange={(value) => setValues((known) => ({ ...known, [field.key]: value }))}
              />
            ))
          ) : (
            <Field id="result" label="Answer as JSON" help={<SchemaText schema={schema} />} error={errorOf("result")}>
              <Textarea
                id="result"
                name="ui-result"
                value={json}
                onChange={(event) => setJson(event.target.value)}
                spellCheck={false}
                className="font-mono"
                {...describedBy("result", schema, errorOf("result"))}
              />
            </Field>
          )
        }
      </ActionForm>
      <div className="flex flex-wrap items-center gap-2 border-t border-rule pt-3">
        <ActionDialog
          label="Abort the run…"
          buttonLook="danger"
          title="Abort the run"
          action={answer}
          hidden={{ workspace, id, resolution: "abort", result: "null" }}
          submit={`Abort ${run}`}
          look="danger"
          said={() => "Aborted. The run is stopped."}
        >
          {() => (
            <>
              <p>The question ends without an answer, and the run is stopped: no further step starts.</p>
              <p className="text-ink-2">What its steps have made stays: artifacts, model versions, logs and the entries of the audit trail.</p>
            </>
          )}
        </ActionDialog>
        <span className="text-meta text-ink-3">The first answer counts, wherever it comes from.</span>
      </div>
    </div>
  );
}

/** The field that an error of the answer is about: the one it names, else the first. */
function meant(fields: readonly AnswerField[], error: string | undefined): AnswerField | undefined {
  if (!error) return undefined;
  return fields.find(({ key }) => key && (error.startsWith(`${key} `) || error.includes(`'${key}'`))) ?? fields[0];
}

function AnswerInput({ field, value, error, onChange }: { field: AnswerField; value: string; error?: string; onChange: (value: string) => void }) {
  const id = error ? "result" : `answer-${field.key || "value"}`; // the summary's link leads to "result"
  const shared = { id, name: `ui-${field.key || "value"}`, label: field.label, help: field.help ?? undefined, error, optional: !field.isRequired };
  if (field.kind === "boolean" || field.kind === "choice") {
    const options =
      field.kind === "boolean"
        ? [
            { value: "true", label: "Yes" },
            { value: "false", label: "No" },
          ]
        : field.options;
    return <SelectField {...shared} value={value} onChange={(event) => onChange(event.target.value)} choices={[{ value: "", label: "Choose…" }, ...options]} />;
  }
  return (
    <TextField
      {...shared}
      value={value}
      inputMode={field.kind === "integer" ? "numeric" : field.kind === "number" ? "decimal" : undefined}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

function SchemaText({ schema }: { schema: string | null }) {
  return (
    <>
      It has to fit <code className="break-all">{schema}</code>
    </>
  );
}
