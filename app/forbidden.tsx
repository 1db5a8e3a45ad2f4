import type { Metadata } from "next";
import { cookies } from "next/headers";
import { ButtonLink } from "@/components/ui/button";
import { MessagePage } from "@/components/ui/states";
import { ROLES } from "@/lib/authz/permissions";
import { sessionActor } from "@/lib/identity/session";

export const metadata: Metadata = { title: "Not allowed" };

/** 403: what you hold, so that you know what to ask for. */
export default async function Forbidden() {
  const actor = await sessionActor(await cookies());
  const held = [...new Set(actor?.grants.filter((grant) => grant.effect === "allow").map((grant) => ROLES[grant.role].title) ?? [])];
  return (
    <MessagePage icon="lock" title="Your role does not allow this">
      <p className="max-w-[60ch]">
        You may see this page’s subject, but not open this page.{" "}
        {held.length > 0 && (
          <>
            You hold: <b>{held.join(", ")}</b>.{" "}
          </>
        )}
        This refusal was written to the audit trail. A Workspace Admin or System Admin can grant a wider role.
      </p>
      <div>
        <ButtonLink href="/" icon="house">
          Home
        </ButtonLink>
      </div>
    </MessagePage>
  );
}
