import "server-only";
import { z } from "zod";
import { directoryActor } from "@/lib/identity/actor";
import { defineCommand, execute, UNCHANGED } from "@/lib/kernel/command";
import type { RequestContext } from "@/lib/kernel/request";
import type { Connection } from "./connection";
import { signOnFacts, signOnPerson, type SignedOn } from "./sign-on";
import { requireConnection } from "./connection";
import { saidSchema, type Said } from "./schema";

// A sign-in or a link, once the provider's answer is believed: identity, account, groups and roles change in one transaction.

const signOnInput = z.strictObject({ connectionId: z.uuid(), said: saidSchema, linkTo: z.uuid().optional() });

/** Carries out what a sign-in changes. An entry only where something changed: the session that follows has one of its own. Error: SignInRefused. */
export const signOn = defineCommand({
  name: "sso-identity.signed-on",
  permission: "sso-connection:update",
  input: signOnInput,
  scope: ({ tx, input }) => requireConnection(tx, input.connectionId),
  run: async ({ tx, actor, request, input, target: { connection } }) => {
    const done = await signOnPerson(tx, { actor, request }, connection, input.said, input.linkTo);
    const after = signOnFacts(done);
    const result: SignedOn = done;
    if (Object.keys(after).length === 0) return { result, audit: UNCHANGED };
    return { result, audit: { target: { type: "sso-identity", id: done.principalId, name: done.person.email ?? done.person.subject }, after } };
  },
});

/** Signs the person of an attempt on, as what the connection says. Errors: SignInRefused, unavailable. */
export function signOnAs(connection: Connection, said: Said, request: RequestContext, linkTo?: string): Promise<SignedOn> {
  const actor = directoryActor(connection.organizationId, { name: connection.name }, { id: connection.id, label: "single sign-on" });
  return execute(signOn, { actor, request, workspace: null }, { connectionId: connection.id, said, ...(linkTo ? { linkTo } : {}) });
}
