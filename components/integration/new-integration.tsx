"use client";

import { useState } from "react";
import { makeIntegration } from "@/app/(console)/settings/integrations/actions";
import { SecretForm } from "@/components/secret/secret-form";
import type { WorkspaceChoice } from "@/lib/integrations/schema";
import type { KindForm } from "@/lib/secrets/kind-schema";
import { INTEGRATIONS } from "./lists";
import { type Reach, reachFields, WorkspaceChoices } from "./workspace-choices";

/** Makes a secret of the organization. */
export function NewIntegration({ kinds, workspaces }: { kinds: KindForm[]; workspaces: WorkspaceChoice[] }) {
  const [reach, setReach] = useState<Reach>({ everywhere: false, workspaces: [] });
  return (
    <SecretForm action={makeIntegration} hidden={reachFields(reach)} kinds={kinds} path={INTEGRATIONS}>
      {(errorOf) => <WorkspaceChoices reach={reach} workspaces={workspaces} onChange={setReach} error={errorOf("workspaces")} />}
    </SecretForm>
  );
}
