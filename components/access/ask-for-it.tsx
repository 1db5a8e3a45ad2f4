"use client";

import { requestAccessAction } from "@/app/(console)/access/actions";
import { RefusalActions } from "@/components/ui/refused";

/** "Ask for it" where no control was refused: on the page that explains. */
export function ActionAsk({
  needed,
  permission,
  workspace,
  projectId,
  thing,
  decides,
}: {
  needed: { role: string; title: string; scope: string };
  permission: string;
  workspace: string | null;
  projectId: string | null;
  thing: string;
  decides: string;
}) {
  return (
    <RefusalActions
      refusal={{
        title: thing,
        yourRole: null,
        neededRole: needed.title,
        ask: {
          action: requestAccessAction,
          hidden: {
            role: needed.role,
            scope: needed.scope,
            permission,
            thing,
            ...(needed.scope !== "organization" && workspace ? { workspace } : {}),
            ...(needed.scope === "project" && projectId ? { projectId } : {}),
          },
          decides,
        },
      }}
    />
  );
}
