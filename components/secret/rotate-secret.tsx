"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { type FormAction, FormDialog } from "@/components/ui/form-dialog";
import { useToast } from "@/components/ui/toast";
import { ExpiryField, useExpiry } from "./expiry-field";
import type { KindForm } from "@/lib/secrets/kind-schema";
import { KindFields, type KindValues, missingFields, typedPairs } from "./kind-fields";
import { type KeyRow, KeyRows, pairsOf, rowProblems } from "./key-rows";
import { SecretInput } from "./secret-input";
import { TryValues } from "./try-values";

type Props<R> = {
  action: FormAction<R>;
  /** What the action needs: the id, the workspace of one of a workspace. */
  fields: Record<string, string>;
  name: string;
  version: number;
  keys: string[];
  form: KindForm | null;
  basedOn: string;
  /** Whether new values can be tried before they are saved. */
  canTry: boolean;
};
type Change = { value: string; isPasted: boolean; isRemoved: boolean };
const KEPT: Change = { value: "", isPasted: false, isRemoved: false };

/** The button and dialog that give keys new values, add and remove some: together one new version. */
export function RotateSecret<R>(props: Props<R>) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button look="primary" icon="rotate-cw" onClick={() => setOpen(true)}>
        Rotate…
      </Button>
      {isOpen && <RotateDialog {...props} onClose={() => setOpen(false)} />}
    </>
  );
}

function RotateDialog<R>({ action, fields, name, version, keys: stored, form, basedOn, canTry, onClose }: Props<R> & { onClose: () => void }) {
  const router = useRouter();
  const toast = useToast();
  const [typed, setTyped] = useState<KindValues>({});
  const [changes, setChanges] = useState<Record<string, Change>>({});
  /** Keys that the kind's form has no field for. */
  const keys = stored.filter((key) => !form?.fields.some((field) => field.name === key));
  const [added, setAdded] = useState<KeyRow[]>([]);
  const expiry = useExpiry();
  const changeOf = (key: string) => changes[key] ?? KEPT;
  const change = (key: string, to: Partial<Change>) => setChanges((was) => ({ ...was, [key]: { ...(was[key] ?? KEPT), ...to } }));
  const changed = keys.flatMap((key): [string, string | null][] => {
    const { value, isRemoved } = changeOf(key);
    return isRemoved ? [[key, null]] : value === "" ? [] : [[key, value]];
  });
  const patch = [...(form ? typedPairs(form, typed) : []), ...changed, ...pairsOf(added)];
  const isEmptied = !form && keys.every((key) => changeOf(key).isRemoved) && pairsOf(added).length === 0;
  const missingValues = { ...rowProblems(added, stored), ...(form ? missingFields(form, typed, stored) : {}) };
  const text = JSON.stringify(Object.fromEntries(patch));
  const missing = {
    ...missingValues,
    ...(patch.length === 0 ? { patch: "Enter a new value, or add or remove a key." } : isEmptied ? { patch: "A secret has at least one key." } : {}),
  };
  return (
    <FormDialog
      open
      title={`Rotate ${name}`}
      action={action}
      hidden={{ ...fields, basedOn, patch: text, ...(expiry.at ? { expiresAt: expiry.at } : {}) }}
      submit={`Write version ${version + 1}`}
      missing={missing}
      onClose={onClose}
      onDone={() => {
        onClose();
        toast(`Rotated ${name}.`);
        router.refresh();
      }}
    >
      {(errorOf) => (
        <>
          <p>Clients and runs that ask from now on get the new values. A key that you leave empty keeps its value. Version {version} stays recorded.</p>
          {form && <KindFields form={form} values={typed} kept={stored} onChange={setTyped} errorOf={errorOf} />}
          <div className="flex flex-col gap-2 empty:hidden">
            {keys.map((key, at) => (
              <div key={key} className="grid grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto] items-center gap-2">
                <code className="min-w-0 break-all text-ink">{key}</code>
                {changeOf(key).isRemoved ? (
                  <span className="flex min-h-9 items-center text-ink-3">is removed</span>
                ) : (
                  <SecretInput
                    id={at === 0 ? "patch" : `new-value-${at}`}
                    label={`new value of ${key}`}
                    placeholder="stays as it is"
                    isPasted={changeOf(key).isPasted}
                    onValue={(value, isPasted) => change(key, { value, isPasted })}
                  />
                )}
                <label className="flex min-h-7 items-center gap-1.5 text-meta">
                  <input
                    type="checkbox"
                    className="size-4 accent-ink"
                    aria-label={`Remove ${key}`}
                    checked={changeOf(key).isRemoved}
                    onChange={(event) => change(key, { ...KEPT, isRemoved: event.target.checked })}
                  />
                  Remove
                </label>
              </div>
            ))}
          </div>
          {(errorOf("patch") ?? errorOf("values")) && <p className="text-meta text-fail">{errorOf("patch") ?? errorOf("values")}</p>}
          <KeyRows rows={added} onChange={setAdded} errorOf={errorOf} />
          {form?.isTestable && canTry && (
            <div className="flex flex-wrap items-center gap-2">
              <TryValues fields={{ ...fields, patch: text }} isReady={Object.keys(missingValues).length === 0} />
            </div>
          )}
          <ExpiryField {...expiry.field} help="Left empty it stays as it is." error={errorOf("expiresAt")} />
        </>
      )}
    </FormDialog>
  );
}
