"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { createTokenAction } from "@/app/(console)/account/actions";
import { ScopeChoice } from "@/components/service-account/scope-choice";
import { Button } from "@/components/ui/button";
import { TextField } from "@/components/ui/field";
import { FormDialog } from "@/components/ui/form-dialog";
import { SelectField } from "@/components/ui/select-field";
import { ShownOnce } from "@/components/ui/shown-once";
import { UntilField } from "@/components/ui/until-field";
import type { ShownToken, TokenPlace } from "@/lib/tokens/schema";

/** Makes a personal token, then shows it once. */
export function NewToken({ places, longestDays, serverUrl }: { places: TokenPlace[]; longestDays: number; serverUrl: string }) {
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<ShownToken | null>(null);
  const [workspaceId, setWorkspace] = useState("");
  const [boundTo, setBoundTo] = useState("");
  const router = useRouter();
  const place = places.find((one) => one.id === workspaceId);
  return (
    <>
      <Button icon="plus" onClick={() => setOpen(true)}>
        New token…
      </Button>
      <FormDialog
        open={isOpen}
        title="New personal token"
        action={createTokenAction}
        submit="Create token"
        onClose={() => setOpen(false)}
        onDone={(token) => {
          setOpen(false);
          setBoundTo(place?.slug ?? places[0]?.slug ?? "");
          setMade(token);
        }}
      >
        {(errorOf) => (
          <>
            <TextField id="name" label="Name" help="Where it will lie, such as notebook." autoComplete="off" maxLength={100} error={errorOf("name")} />
            <SelectField
              id="workspaceId"
              label="Workspace"
              value={workspaceId}
              onChange={(event) => setWorkspace(event.target.value)}
              error={errorOf("workspaceId")}
              choices={[{ value: "", label: "Every workspace that I may read" }, ...places.map((one) => ({ value: one.id, label: one.displayName }))]}
            />
            {place && place.projects.length > 0 && (
              <SelectField
                id="projectId"
                label="Project"
                error={errorOf("projectId")}
                choices={[{ value: "", label: "Every project" }, ...place.projects.map((project) => ({ value: project.id, label: project.name }))]}
              />
            )}
            <UntilField label="Ends" first="30d" canBeOpen={false} help={`At the latest after ${longestDays} days.`} error={errorOf("until")} />
            <ScopeChoice error={errorOf("scopes")} />
          </>
        )}
      </FormDialog>
      {made && (
        <ShownOnce
          title={`Personal token ${made.name}`}
          label="personal token"
          value={made.value}
          note="It acts as you, within its scopes. Revoke it here when it is no longer needed."
          lines={`export ZENML_STORE_URL=${serverUrl}/${boundTo}\nexport ZENML_STORE_API_KEY=${made.value}`}
          onStored={() => {
            setMade(null);
            router.refresh();
          }}
        />
      )}
    </>
  );
}
