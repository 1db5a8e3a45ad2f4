import "server-only";
import { createHash, createHmac, randomBytes } from "node:crypto";
import { deriveKey } from "@/lib/kernel/keys";
import { sealWith, unsealWith } from "@/lib/kernel/seal";
import type { SecretValues } from "./schema";

// How the values of a secret rest: sealed under a data key that is made for one version and used once, which is wrapped by a key of the
// master key's. Where a version belongs is bound to both, so that a row that is copied elsewhere can't be opened there (SEC-1).

export type Place = { workspaceId: string; secretId: string; version: number };
export type Envelope = { master_key_id: string; wrapped_key: Buffer; sealed: Buffer };

const WRAPPING = "secret data keys";

const boundTo = (organizationId: string, { workspaceId, secretId, version }: Place) => `${organizationId}/${workspaceId}/${secretId}/${version}`;

/** Seals the values for one place. Error: sealed without a master key. */
export function sealValues(organizationId: string, place: Place, values: SecretValues): Envelope {
  const dataKey = randomBytes(32);
  const bound = boundTo(organizationId, place);
  return {
    master_key_id: masterKeyId(),
    wrapped_key: sealWith(deriveKey(WRAPPING), bound, dataKey),
    sealed: sealWith(dataKey, bound, Buffer.from(JSON.stringify(values))),
  };
}

/** Opens what `sealValues` made for the same place. Errors: sealed; internal when the row was moved or changed. */
export function openValues(organizationId: string, place: Place, { wrapped_key, sealed }: Omit<Envelope, "master_key_id">): SecretValues {
  const bound = boundTo(organizationId, place);
  const dataKey = unsealWith(deriveKey(WRAPPING), bound, wrapped_key);
  return JSON.parse(unsealWith(dataKey, bound, sealed).toString("utf8")) as SecretValues;
}

/** Names the master key without telling anything of it: 16 hex digits. Error: sealed. */
export const masterKeyId = (): string => createHash("sha256").update(deriveKey("master key id")).digest("hex").slice(0, 16);

/**
 * Says whether two versions hold the same values, to who has the master key only: without it, it helps nobody to guess one. Equal for equal
 * values of one workspace, whatever the order of their keys.
 */
export function commitmentOf(workspaceId: string, values: SecretValues): Buffer {
  const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac("sha256", deriveKey(`secret commitments of ${workspaceId}`))
    .update(JSON.stringify(sorted))
    .digest();
}
