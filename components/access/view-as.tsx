"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useState } from "react";
import { startViewAction } from "@/app/(console)/access/view-actions";
import { Button } from "@/components/ui/button";
import { FormDialog } from "@/components/ui/form-dialog";
import { type Places, RoleFields } from "./role-fields";

const ASKED = "view-as";

/** Chooses a role to look at the console as. The account menu leads here with `?view-as`. */
export function ViewAs({ places }: { places: Places }) {
  const [isOpen, setOpen] = useState(false);
  const asked = useSearchParams().has(ASKED);
  useEffect(() => {
    if (!asked) return;
    const url = new URL(window.location.href);
    url.searchParams.delete(ASKED);
    window.history.replaceState(null, "", url.pathname + url.search);
    setOpen(true);
  }, [asked]);
  return (
    <>
      <Button look="ghost" icon="eye" onClick={() => setOpen(true)} className="max-md:hidden">
        View as…
      </Button>
      <FormDialog
        open={isOpen}
        onClose={() => setOpen(false)}
        title="View the console as a role"
        action={startViewAction}
        submit="View as this role"
        onDone={({ workspace }) => window.location.assign(workspace ? `/${workspace}` : "/")}
      >
        {(errorOf) => (
          <>
            <p>
              You see what the role shows there, and no more than you may see yourself. Nothing can be changed meanwhile. It ends by itself after an hour, and
              the audit trail says that you did.
            </p>
            <RoleFields places={places} errorOf={errorOf} />
          </>
        )}
      </FormDialog>
    </>
  );
}
