"use client";

import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { ButtonLink } from "@/components/ui/button";
import { ActionForm } from "@/components/ui/form-dialog";
import type { FormAction } from "@/components/ui/form-dialog";
import { type Refusal, RefusedControl } from "@/components/ui/refused";
import { StepBar } from "./step-list";

/** The form of a step: saved, then on to the next one. Who may not change it sees it as it is. */
export function WizardForm<R>({
  action,
  hidden,
  submit: label = "Save and continue",
  backHref,
  continueHref,
  hrefAfter,
  refusal,
  children,
}: {
  action: FormAction<R>;
  hidden: Record<string, string>;
  submit?: string;
  backHref?: string;
  /** Where one can go on without saving anything. */
  continueHref?: string;
  hrefAfter: (result: R) => string;
  refusal: Refusal | null;
  children: (errorOf: (field: string) => string | undefined) => ReactNode;
}) {
  const router = useRouter();
  return (
    <div className="flex flex-1 flex-col [&>form]:flex-1">
      <ActionForm
        action={action}
        hidden={hidden}
        submit={label}
        onDone={(result) => {
          router.push(hrefAfter(result));
          router.refresh();
        }}
        foot={(submit) => (
          <StepBar>
            {backHref && (
              <ButtonLink size="lg" href={backHref}>
                Back
              </ButtonLink>
            )}
            <span className="flex-1" />
            {refusal ? <RefusedControl label={label} refusal={refusal} /> : submit}
            {continueHref && (
              <ButtonLink size="lg" href={continueHref}>
                Continue
              </ButtonLink>
            )}
          </StepBar>
        )}
      >
        {(errorOf) => (
          <fieldset disabled={refusal !== null} className="flex min-w-0 flex-col gap-4 px-6 pt-4 pb-6 max-md:px-4">
            {children(errorOf)}
          </fieldset>
        )}
      </ActionForm>
    </div>
  );
}
