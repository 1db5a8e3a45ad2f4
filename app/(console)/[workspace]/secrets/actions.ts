"use server";

import { action } from "@/lib/kernel/action";
import { askReveal, decideReveal, withdrawReveal } from "@/lib/secrets/ask-reveal";
import { bindSecret, unbindSecret } from "@/lib/secrets/bind-secret";
import { createSecret } from "@/lib/secrets/create-secret";
import { deleteSecret, destroySecret, undeleteSecret } from "@/lib/secrets/delete-secret";
import { destroyVersion } from "@/lib/secrets/destroy-version";
import { restoreVersion } from "@/lib/secrets/restore-version";
import { clearLeak, markLeaked } from "@/lib/secrets/leaks";
import { takeOver } from "@/lib/secrets/take-over";
import { testNewSecret, testSecret } from "@/lib/secrets/test-secret";
import { setRevealPolicy } from "@/lib/secrets/reveal-policy";
import { updateSecret } from "@/lib/secrets/update-secret";
import { revealSecret } from "@/lib/secrets/use-secret";

export const makeSecret = action(createSecret);
export const saveSecret = action(updateSecret);
/** Tests what a form says: of a secret that is there with its changes, or of one that is not yet. */
export const testValuesAction = action((context, fields) =>
  fields.id
    ? testSecret(context, { id: fields.id, patch: fields.patch })
    : testNewSecret(context, { kind: fields.kind, values: fields.values, project: fields.project }),
);
export const testSavedAction = action((context, fields) => testSecret(context, { id: fields.id ?? "" }));
export const removeSecret = action(deleteSecret);
export const bringBackSecret = action(undeleteSecret);
export const destroyValues = action(destroySecret);
export const destroyVersionAction = action(destroyVersion);
export const takeOverAction = action(takeOver);
export const restoreVersionAction = action(restoreVersion);
export const markAsLeaked = action(markLeaked);
export const clearLeakMark = action(clearLeak);
export const bind = action(bindSecret);
export const unbind = action(unbindSecret);
export const revealValues = action(revealSecret);
export const askRevealAction = action(askReveal);
export const decideRevealAction = action(decideReveal);
export const withdrawRevealAction = action(withdrawReveal);
export const setRevealPolicyAction = action(setRevealPolicy);
