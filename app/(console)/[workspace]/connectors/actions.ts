"use server";

import { deleteConnector } from "@/lib/connectors/delete-connector";
import { issueCredential } from "@/lib/connectors/issue-credential";
import { setKeysPolicy } from "@/lib/connectors/keys-policy";
import { readChangeForm, readConnectorForm, readRotationForm } from "@/lib/connectors/read-form";
import { registerConnector, tryConnector } from "@/lib/connectors/register-connector";
import { revokeCredential } from "@/lib/connectors/revoke-credential";
import { dropRotation, rotateKeys, tryNext } from "@/lib/connectors/rotate-keys";
import { tryChange, updateConnector } from "@/lib/connectors/update-connector";
import { verifyConnector } from "@/lib/connectors/verify-connector";
import { action } from "@/lib/kernel/action";

export const makeConnector = action(async (context, fields) => {
  const { id } = await registerConnector(context, readConnectorForm(fields), { isLax: false, tries: fields.skip === "true" ? "skip" : "must" });
  return id;
});

export const saveConnector = action((context, fields) =>
  updateConnector(context, readChangeForm(fields), { isLax: false, tries: fields.skip === "true" ? "skip" : "must" }),
);

/** Tries what the form says, without keeping anything. */
export const tryConnectorForm = action((context, fields) =>
  fields.id
    ? tryChange(context, readChangeForm(fields), { isLax: false, lists: true })
    : tryConnector(context, readConnectorForm(fields), { isLax: false, lists: true }),
);

export const verifyNow = action(async (context, fields) => {
  const { reach } = await verifyConnector(context, { id: fields.id ?? "", lists: true });
  return reach;
});

/** A credential that nobody gets: that one can be issued is what is asked. */
export const issueTest = action(async (context, fields) => {
  const asked = { id: fields.id ?? "", resourceType: fields.resourceType, resourceId: fields.resourceId };
  const { issued, isCapped } = await issueCredential(context, { ...asked, lifetime: 900, purpose: "test" });
  return { until: issued.expiresAt?.toISOString() ?? null, reach: issued.reach, actsAs: issued.actsAs, isCapped };
});

/** Gives it new main keys; what the other side doesn't accept waits. */
export const rotate = action((context, fields) => rotateKeys(context, readRotationForm(fields)));
export const tryWaiting = action((context, fields) => tryNext(context, fields.id ?? ""));
export const dropWaiting = action(dropRotation);

/** Ends one credential at the other side. */
export const revokeOne = action((context, fields) =>
  revokeCredential(context, { id: fields.id ?? "", issueId: fields.issueId ?? "", typedName: fields.typedName ?? "" }),
);

export const removeConnector = action(deleteConnector);
export const setPolicy = action(setKeysPolicy);
