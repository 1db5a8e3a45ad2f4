"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { saveSecret } from "@/app/(console)/[workspace]/secrets/actions";
import { Button } from "@/components/ui/button";
import { DescriptionField } from "@/components/ui/description-field";
import { describedBy, Field, Select } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import type { SecretScope } from "@/lib/secrets/row-schema";
import { useToast } from "@/components/ui/toast";

type Props = {
  workspace: string;
  secret: { id: string; name: string; kind: string; description: string; scope: SecretScope; updatedAt: string };
  /** Whether the reader made it: nobody takes away what others made. */
  isMine: boolean;
  kinds: { kind: string; title: string }[];
};

const KIND_HELP = "Its keys have to be named as the kind names them. A kind has a form of its own, and most have a test.";

/** Changes what is said of a secret and who may know of it; no value. */
export function ChangeSecret({ workspace, secret, isMine, kinds }: Props) {
  const [isOpen, setOpen] = useState(false);
  const router = useRouter();
  const toast = useToast();
  const help = isMine ? "A private one exists for you alone, for your client too." : "Only who made it makes it private.";
  return (
    <>
      <Button onClick={() => setOpen(true)}>Change…</Button>
      {isOpen && (
        <FormDialog
          open
          title={`Change ${secret.name}`}
          action={saveSecret}
          hidden={{ workspace, id: secret.id, basedOn: secret.updatedAt }}
          submit="Save changes"
          onClose={() => setOpen(false)}
          onDone={() => {
            setOpen(false);
            toast(`Changed ${secret.name}.`);
            router.refresh();
          }}
        >
          {(errorOf) => (
            <>
              <DescriptionField value={secret.description} error={errorOf("description")} />
              <Field id="kind" label="Kind" help={KIND_HELP} error={errorOf("kind")}>
                <Select id="kind" name="kind" defaultValue={secret.kind} {...describedBy("kind", KIND_HELP, errorOf("kind"))}>
                  <option value="generic">Generic</option>
                  {kinds.map((one) => (
                    <option key={one.kind} value={one.kind}>
                      {one.title}
                    </option>
                  ))}
                </Select>
              </Field>
              {secret.scope !== "project" && (
                <Field id="isPrivate" label="Seen by" help={help} error={errorOf("isPrivate") ?? errorOf("name")}>
                  <Select
                    id="isPrivate"
                    name="isPrivate"
                    defaultValue={String(secret.scope === "private")}
                    {...describedBy("isPrivate", help, errorOf("isPrivate"))}
                  >
                    <option value="false">The workspace</option>
                    {(isMine || secret.scope === "private") && <option value="true">Its owner</option>}
                  </Select>
                </Field>
              )}
            </>
          )}
        </FormDialog>
      )}
    </>
  );
}
