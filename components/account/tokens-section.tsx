"use client";

import { revokeTokenAction } from "@/app/(console)/account/actions";
import { ActionDialog } from "@/components/ui/action-dialog";
import { Section } from "@/components/ui/page-head";
import { PlainTable } from "@/components/ui/plain-table";
import { Nothing } from "./nothing";
import { Status } from "@/components/ui/status";
import { Time } from "@/components/ui/time";
import type { PersonalToken, TokenPlace } from "@/lib/tokens/schema";
import { NewToken } from "./token-forms";

type Props = { tokens: PersonalToken[]; places: TokenPlace[]; longestDays: number; serverUrl: string };

/** Tokens for my own scripts. */
export function TokensSection({ tokens, ...making }: Props) {
  return (
    <Section title="Personal tokens" count={String(tokens.length)} aside={<NewToken {...making} />}>
      {tokens.length === 0 ? (
        <Nothing title="You have no personal tokens.">
          <p>A token lets a script or notebook of yours act as you, or with less than you may. For CI, a service account lasts longer than a person.</p>
        </Nothing>
      ) : (
        <PlainTable
          label="Personal tokens"
          columns={[
            { label: "Name" },
            { label: "State" },
            { label: "May do" },
            { label: "Where" },
            { label: "Last used" },
            { label: "Made" },
            { label: "Ends" },
            { label: "", align: "right" },
          ]}
          rows={tokens.map((token) => {
            const isOver = token.state === "revoked" || token.state === "expired";
            return {
              key: token.id,
              cells: [
                <b key="name" className="font-medium text-ink">
                  {token.name}
                </b>,
                <Status key="state" state={token.state} />,
                <span key="scopes" title={token.scopes?.join(", ")}>
                  {scopeWords(token.scopes)}
                </span>,
                token.workspace ? `${token.workspace}${token.project ? ` / ${token.project}` : ""}` : "everywhere",
                token.lastUsedAt ? (
                  <span key="used">
                    <Time at={token.lastUsedAt} /> <code className="text-ink-3">{token.lastUsedAddress}</code>
                  </span>
                ) : (
                  "never"
                ),
                <Time key="made" at={token.createdAt} />,
                <Time key="ends" at={token.expiresAt} />,
                !isOver && (
                  <ActionDialog
                    key="revoke"
                    label="Revoke…"
                    title={`Revoke ${token.name}`}
                    action={revokeTokenAction}
                    hidden={{ tokenId: token.id }}
                    submit="Revoke token"
                    look="danger"
                  >
                    {() => <p>What uses it is refused from its next request on. A revoked token can't come back.</p>}
                  </ActionDialog>
                ),
              ],
            };
          })}
        />
      )}
    </Section>
  );
}

function scopeWords(scopes: string[] | null): string {
  if (!scopes) return "all that I may";
  if (scopes.every((scope) => scope.endsWith(":read"))) return scopes.length > 3 ? "read only" : scopes.join(", ");
  return scopes.length > 3 ? `${scopes.slice(0, 2).join(", ")} and ${scopes.length - 2} more` : scopes.join(", ");
}
