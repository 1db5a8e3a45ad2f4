"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { bind } from "@/app/(console)/[workspace]/secrets/actions";
import { Button } from "@/components/ui/button";
import { FormDialog } from "@/components/ui/form-dialog";
import { SelectField } from "@/components/ui/select-field";
import { useToast } from "@/components/ui/toast";
import type { BindingChoices } from "@/lib/secrets/ledger-schema";

const KINDS = [
  { value: "stack", label: "A stack: all runs on it" },
  { value: "component", label: "A component: runs on stacks that have it" },
  { value: "pipeline", label: "A pipeline: all its runs" },
  { value: "step", label: "A step of a pipeline" },
] as const;
type Kind = (typeof KINDS)[number]["value"];

/** Binds a secret to a thing that the person may change. */
export function BindSecret({ workspace, id, name, choices }: { workspace: string; id: string; name: string; choices: BindingChoices }) {
  const [isOpen, setOpen] = useState(false);
  const [kind, setKind] = useState<Kind>("stack");
  const [targetId, setTarget] = useState("");
  const router = useRouter();
  const toast = useToast();
  const things = kind === "stack" ? choices.stacks : kind === "component" ? choices.components : choices.pipelines;
  const steps = choices.pipelines.find((pipeline) => pipeline.id === targetId)?.steps ?? [];
  const label = (thing: (typeof things)[number]) => ("project" in thing ? `${thing.name} (${String(thing.project)})` : thing.name);
  return (
    <>
      <Button icon="link" onClick={() => setOpen(true)}>
        Bind…
      </Button>
      <FormDialog
        open={isOpen}
        title={`Bind ${name}`}
        action={bind}
        hidden={{ workspace, id }}
        submit="Bind"
        missing={targetId ? {} : { targetId: things.length > 0 ? "Choose one." : "There is none that you may change." }}
        onClose={() => setOpen(false)}
        onDone={() => {
          setOpen(false);
          toast("Bound the secret.");
          router.refresh();
        }}
      >
        {(errorOf) => (
          <>
            <p>Runs there may read its values by their own token, and get them as environment variables. You can bind it to what you may change.</p>
            <SelectField
              id="kind"
              label="To what"
              choices={KINDS}
              value={kind}
              onChange={(event) => {
                setKind(event.target.value as Kind);
                setTarget("");
              }}
            />
            <SelectField
              id="targetId"
              label={kind === "step" ? "Pipeline" : "Which one"}
              error={errorOf("targetId")}
              choices={[
                { value: "", label: things.length > 0 ? "Choose…" : "None that you may change" },
                ...things.map((thing) => ({ value: thing.id, label: label(thing) })),
              ]}
              value={targetId}
              onChange={(event) => setTarget(event.target.value)}
            />
            {kind === "step" && (
              <SelectField
                id="step"
                label="Step"
                help="Those of its newest snapshot."
                error={errorOf("step")}
                choices={steps.map((step) => ({ value: step, label: step }))}
              />
            )}
          </>
        )}
      </FormDialog>
    </>
  );
}
