import "server-only";
import { createHmac, randomBytes } from "node:crypto";
import { activeMasterKey } from "@/lib/kernel/active-master-key";
import { keptKey } from "@/lib/kernel/kept-key";
import { type MasterKey, masterKey } from "@/lib/kernel/master-keys";
import { sealWith, unsealWith } from "@/lib/kernel/seal";
import type { Tx } from "@/lib/kernel/transaction";
import type { Prints } from "./prints";
import type { SecretValues } from "./schema";

// How the values of a secret rest: sealed under a data key that is made for one version and used once, which is wrapped by a key of the
// master key's. Where a version belongs is bound to both, so that a row that is copied elsewhere can't be opened there (SEC-1).

export type Place = { workspaceId: string; secretId: string; version: number };
/** Stands in a workspace's place for values that are kept once for the whole organization: no workspace has this id. */
export const IN_ORGANIZATION = "organization";
export type Envelope = { master_key_id: string; wrapped_key: Buffer; sealed: Buffer };

const WRAPPING = "secret data keys";

const boundTo = (organizationId: string, { workspaceId, secretId, version }: Place) => `${organizationId}/${workspaceId}/${secretId}/${version}`;

/** Seals the values for one place. Error: sealed without the active master key. */
export const sealValues = (tx: Tx, organizationId: string, place: Place, values: SecretValues): Promise<Envelope> =>
  sealContent(tx, organizationId, place, "", values);

/** Opens what `sealValues` made for the same place. Errors: sealed; internal when the row was moved or changed. */
export const openValues = (organizationId: string, place: Place, envelope: Envelope): SecretValues =>
  openContent(organizationId, place, "", envelope) as SecretValues;

/** Seals the prints of values that lie in an outside store, for the same place. */
export const sealPrints = (tx: Tx, organizationId: string, place: Place, prints: Prints): Promise<Envelope> =>
  sealContent(tx, organizationId, place, PRINTS, prints);

/** The inverse. Errors: as of `openValues`; also for values, which are no prints. */
export const openPrints = (organizationId: string, place: Place, envelope: Envelope): Prints => openContent(organizationId, place, PRINTS, envelope) as Prints;

/** Bound to what is sealed besides its place, so that prints are never taken for values. */
const PRINTS = "/prints";

async function sealContent(tx: Tx, organizationId: string, place: Place, kind: "" | typeof PRINTS, content: unknown): Promise<Envelope> {
  const dataKey = randomBytes(32);
  return {
    ...wrap(await activeMasterKey(tx), organizationId, place, dataKey),
    sealed: sealWith(dataKey, `${boundTo(organizationId, place)}${kind}`, Buffer.from(JSON.stringify(content))),
  };
}

function openContent(organizationId: string, place: Place, kind: "" | typeof PRINTS, envelope: Envelope): unknown {
  const dataKey = unwrap(organizationId, place, envelope);
  return JSON.parse(unsealWith(dataKey, `${boundTo(organizationId, place)}${kind}`, envelope.sealed).toString("utf8"));
}

type Wrapped = Omit<Envelope, "sealed">;

/** The data key under another master key; the values are not touched. Errors: as of `openValues`. */
export const wrapAnew = (key: MasterKey, organizationId: string, place: Place, wrapped: Wrapped): Wrapped =>
  wrap(key, organizationId, place, unwrap(organizationId, place, wrapped));

const wrap = (key: MasterKey, organizationId: string, place: Place, dataKey: Buffer): Wrapped => ({
  master_key_id: key.id,
  wrapped_key: sealWith(key.derive(WRAPPING), boundTo(organizationId, place), dataKey),
});

const unwrap = (organizationId: string, place: Place, { master_key_id, wrapped_key }: Wrapped): Buffer =>
  unsealWith(masterKey(master_key_id).derive(WRAPPING), boundTo(organizationId, place), wrapped_key);

/**
 * Says whether two versions hold the same values, to who has the master key only: without it, it helps nobody to guess one. Equal for equal
 * values of one workspace, whatever the order of their keys. Error: sealed.
 */
export async function commitmentOf(tx: Tx, workspaceId: string, values: SecretValues): Promise<Buffer> {
  const sorted = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHmac("sha256", await keptKey(tx, "secret-commitments"))
    .update(JSON.stringify([workspaceId, sorted]))
    .digest();
}
