import "server-only";
import { endGrant } from "@/lib/access/end-grant";
import { endOneSession } from "@/lib/account/end-sessions";
import { lockDevice } from "@/lib/devices/change-devices";
import { systemActor } from "@/lib/identity/actor";
import { type CallContext, execute } from "@/lib/kernel/command";
import { systemContext } from "@/lib/kernel/request";
import { deactivatePerson } from "@/lib/members/deactivate-person";
import { endSessionsOf } from "@/lib/members/end-sessions";
import { updateApiKey } from "@/lib/service-accounts/change-api-key";
import { endSignedOn } from "@/lib/sso/logout";
import { revokePersonalToken } from "@/lib/tokens/revoke-token";
import { asCanary, type Held, scim } from "./hold";
import type { Cause } from "./schema";

// The causes: each ends what a canary holds, by the command or over the door that ends it for people.

const asSystem = ({ place }: Held, isOfWorkspace = false): CallContext => ({
  actor: systemActor(place.organizationId),
  request: systemContext("canary"),
  workspace: isOfWorkspace ? place.workspace : null,
});
const own = ({ place, principalId, sessionId }: Held) => asCanary(place, principalId, sessionId);

async function said(held: Held, method: string, body?: unknown): Promise<void> {
  const { status } = await scim(held.place, method, `/Users/${held.userId}`, body);
  if (status !== 200 && status !== 204) throw new Error(`the directory's door answered ${status}`);
}

const INACTIVE = { schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], Operations: [{ op: "replace", value: { active: false } }] };

/** Ends a canary's access by a cause. Resolves when that is answered. */
export const END: Record<Cause, (held: Held) => Promise<unknown>> = {
  "directory-inactive": (held) => said(held, "PATCH", INACTIVE),
  "directory-removed": (held) => said(held, "DELETE"),
  deactivated: (held) => execute(deactivatePerson, asSystem(held), { principalId: held.principalId, reason: "" }),
  "sessions-ended": (held) => execute(endSessionsOf, asSystem(held), { principalId: held.principalId }),
  "session-ended": async (held) => execute(endOneSession, { ...asSystem(held) }, { sessionId: held.sessionId }),
  "provider-logout": (held) => execute(endSignedOn, asSystem(held), { connectionId: held.place.connectionId, subject: held.name, sessionIndexes: [] }),
  "grant-ended": (held) => execute(endGrant, asSystem(held, true), { grantId: held.grantId, reason: "" }),
  "device-locked": (held) => execute(lockDevice, asSystem(held), { deviceId: held.deviceId, locked: true }),
  "token-revoked": async (held) => execute(revokePersonalToken, await own(held), { tokenId: held.tokenId }),
  "key-stopped": (held) => execute(updateApiKey, asSystem(held, true), { account: held.accountId, key: held.keyId, active: false }),
};
