"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { issueTest } from "@/app/(console)/[workspace]/connectors/actions";
import { Button } from "@/components/ui/button";
import { Field, Select, TextField } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { Time } from "@/components/ui/time";
import { useToast } from "@/components/ui/toast";
import { REACH_WORDS } from "@/lib/connectors/schema";

type Props = { workspace: string; id: string; name: string; resourceTypes: string[]; resourceId: string | null };
type Said = { until: string | null; reach: string; actsAs: string | null; isCapped: boolean };

/** Has one credential issued that nobody gets to see: it shows that one can be, whom the other side sees, and how long it would live. */
export function TestCredential({ workspace, id, name, resourceTypes, resourceId }: Props) {
  const [isOpen, setOpen] = useState(false);
  const [type, setType] = useState(resourceTypes[0] ?? "");
  const [resource, setResource] = useState("");
  const [said, setSaid] = useState<Said | null>(null);
  const router = useRouter();
  const toast = useToast();
  return (
    <>
      <Button
        icon="key-round"
        onClick={() => {
          setSaid(null);
          setOpen(true);
        }}
      >
        Test credential…
      </Button>
      {isOpen && (
        <FormDialog
          open
          title={`A test credential of ${name}`}
          action={issueTest}
          hidden={{ workspace, id, resourceType: type, resourceId: resource }}
          submit={said ? "Issue another" : "Issue one"}
          onClose={() => setOpen(false)}
          onDone={(result) => {
            setSaid(result as Said);
            toast("Issued one; nobody has it.");
            router.refresh();
          }}
        >
          {(errorOf) => (
            <>
              <p>It is issued for 15 minutes, or as briefly as the other side allows, shown to nobody, and stands in the ledger as a test.</p>
              {resourceTypes.length > 1 && (
                <Field id="resourceType" label="Type of resource" error={errorOf("resourceType")}>
                  <Select id="resourceType" value={type} onChange={(event) => setType(event.target.value)}>
                    {resourceTypes.map((one) => (
                      <option key={one} value={one}>
                        {one}
                      </option>
                    ))}
                  </Select>
                </Field>
              )}
              {!resourceId && (
                <TextField
                  id="resourceId"
                  label="Resource"
                  help="Left empty where the type has none."
                  value={resource}
                  onChange={(event) => setResource(event.target.value)}
                  error={errorOf("resourceId")}
                />
              )}
              {said && (
                <p role="status" className="border-l-2 border-ok pl-3">
                  Issued: it reaches {REACH_WORDS[said.reach] ?? said.reach}
                  {said.actsAs && <>, acting as {said.actsAs}</>}
                  {said.until && (
                    <>
                      , until <Time at={said.until} />
                    </>
                  )}
                  .
                </p>
              )}
            </>
          )}
        </FormDialog>
      )}
    </>
  );
}
