"use client";

import { decideRequestAction, withdrawRequestAction } from "@/app/(console)/access/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { describedBy, Field, Textarea, TextField } from "@/components/ui/field";
import { SelectField } from "@/components/ui/select-field";
import { ExactTime } from "@/components/ui/time";
import { UntilField } from "@/components/ui/until-field";
import { isRoleId, ROLES, type RoleId, rightsOf } from "@/lib/authz/permissions";
import { isWithin } from "@/lib/authz/role-rule";
import type { RequestRow } from "@/lib/access/schema";
import { rolesAt, roleTitle } from "./grant-list";
import { scopeWords } from "./grant-words";

/** Decide, for those who may; withdraw, for who asked. */
export function RequestActions({ request }: { request: RequestRow }) {
  if (request.state !== "open") return null;
  const hidden: Record<string, string> = { requestId: request.id, ...(request.workspace ? { workspace: request.workspace } : {}) };
  const what = `${roleTitle(request.role)} on ${scopeWords(request)}`;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keeps clicks and keys of the dialogs away from the row and its table
    <span className="inline-flex gap-1" onClick={(event) => event.stopPropagation()} onKeyDown={(event) => event.stopPropagation()}>
      {request.isMine && (
        <ActionDialog
          label="Withdraw…"
          buttonLook="ghost"
          title={`Withdraw: ${what}`}
          action={withdrawRequestAction}
          hidden={hidden}
          submit="Withdraw the request"
          said={() => "Withdrawn."}
        >
          {() => <p>Nobody decides it then. You can ask again.</p>}
        </ActionDialog>
      )}
      {request.canDecide && (
        <>
          <ActionDialog
            label="Grant…"
            title={`Grant ${request.who}: ${what}`}
            action={decideRequestAction}
            hidden={{ ...hidden, decision: "grant" }}
            submit="Grant it"
            said={() => `${request.who} has the role.`}
          >
            {(errorOf) => (
              <>
                <p>“{request.reason}”</p>
                <p className="text-ink-3">{ROLES[request.role as RoleId]?.summary}</p>
                <SelectField
                  id="decide-role"
                  name="role"
                  label="Role"
                  defaultValue={request.role}
                  choices={withinAsked(request.scope, request.role)}
                  error={errorOf("role")}
                />
                <UntilField
                  error={errorOf("until")}
                  openLabel={request.until ? "As asked" : "No end"}
                  help={
                    request.until ? (
                      <>
                        Ends by itself: <ExactTime at={request.until} />.
                      </>
                    ) : (
                      "No end was asked for."
                    )
                  }
                />
                <TextField id="decide-comment" name="comment" label="Comment" optional maxLength={500} error={errorOf("comment")} />
              </>
            )}
          </ActionDialog>
          <ActionDialog
            label="Refuse…"
            buttonLook="ghost"
            title={`Refuse ${request.who}: ${what}`}
            action={decideRequestAction}
            hidden={{ ...hidden, decision: "refuse" }}
            submit="Refuse it"
            look="danger"
            said={() => "Refused."}
          >
            {(errorOf) => (
              <Field id="refuse-comment" label="Why" help={`${request.who} reads it.`} error={errorOf("comment")}>
                <Textarea id="refuse-comment" name="comment" maxLength={500} {...describedBy("refuse-comment", true, errorOf("comment"))} />
              </Field>
            )}
          </ActionDialog>
        </>
      )}
    </span>
  );
}

/** What can be given for a request: the role that was asked for, or one of the table that is within it. */
const withinAsked = (scope: string, asked: string) =>
  isRoleId(asked)
    ? rolesAt(scope, "user").filter((one) => isRoleId(one.value) && isWithin(rightsOf(one.value), rightsOf(asked)))
    : [{ value: asked, label: roleTitle(asked) }];
