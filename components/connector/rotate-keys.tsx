"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { rotate } from "@/app/(console)/[workspace]/connectors/actions";
import { ExpiryField, useExpiry } from "@/components/secret/expiry-field";
import { SecretInput } from "@/components/secret/secret-input";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";

type Props = { workspace: string; id: string; name: string; keys: { name: string; label: string }[]; version: number | null };

/** New main keys: both are kept until the other side accepts the new ones. Keys go into the request and nowhere else. */
export function RotateKeys({ workspace, id, name, keys, version }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState<Record<string, string>>({});
  const expiry = useExpiry();
  const router = useRouter();
  const toast = useToast();
  const given = Object.fromEntries(Object.entries(typed).filter(([, value]) => value));
  const close = () => {
    setTyped({});
    setOpen(false);
  };
  return (
    <>
      <Button icon="rotate-cw" onClick={() => setOpen(true)}>
        Rotate keys…
      </Button>
      {isOpen && (
        <FormDialog
          open
          title={`Rotate the main keys of ${name}`}
          action={rotate}
          hidden={{ workspace, id, keys: JSON.stringify(given), expiresAt: expiry.at }}
          submit="Try and rotate"
          missing={Object.keys(given).length === 0 ? { [keys[0]?.name ?? "keys"]: "Enter a new value." } : {}}
          onClose={close}
          onDone={(result) => {
            close();
            toast(
              result.isAccepted
                ? `Version ${(version ?? 0) + 1} holds. End the old key at the other side.`
                : "The new keys were not accepted: they wait, and the old ones hold.",
            );
            router.refresh();
          }}
        >
          {(errorOf) => (
            <>
              <p>
                Make the new key at the other side first. The old one holds until the new one was accepted; then Reeve forgets it, and it can be ended there.
              </p>
              {keys.map((key) => (
                <Field key={key.name} id={`key-${key.name}`} label={key.label} error={errorOf(key.name)}>
                  <SecretInput
                    id={`key-${key.name}`}
                    label={key.label}
                    placeholder="stays as it is"
                    isPasted={(typed[key.name] ?? "").includes("\n")}
                    onValue={(value) => setTyped((was) => ({ ...was, [key.name]: value }))}
                  />
                </Field>
              ))}
              <ExpiryField {...expiry.field} help="When the new keys end at the other side." error={errorOf("expiresAt")} />
            </>
          )}
        </FormDialog>
      )}
    </>
  );
}
