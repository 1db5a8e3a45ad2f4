import { createHmac } from "node:crypto";
import { type Answer, type Call, type Connection, ProviderError } from "../contract";
import { accepted, needed } from "../reading";
import { STORAGE, type Token, tokenFor } from "./tokens";

// Blob containers: `az://name` is the one spelling of each, within the connection's storage account. What leaves is a signature for one container that
// Azure's own key for the identity makes (user-delegation SAS): the identity's rights, cut to the container, until its end.

const VERSION = "2023-11-03";
const WHO = "Azure Storage";
const DEFAULT_SECONDS = 3_600;
/** Clocks differ: a signature that begins now may be refused by a server that is behind. */
const SKEW_MS = 5 * 60_000;
/** Azure makes no key for longer than a week. */
const MOST_SECONDS = 7 * 24 * 3_600 - SKEW_MS / 1_000;
/** Read, add, create, write, delete, list: what an artifact store does. */
const PERMISSIONS = "racwdl";

function accountOf(connection: Connection): string {
  const account = needed(connection, "storage_account", "The storage account");
  if (!/^[a-z0-9]{3,24}$/.test(account)) throw new ProviderError("misconfigured", "The storage account is no name of one: 3 to 24 small letters and digits.");
  return account;
}

export const accountUrl = (connection: Connection): string => `https://${accountOf(connection)}.blob.core.windows.net`;

/** Of a name, `az://`, `abfs://` or the https address in this account; addresses may go on to what lies in the container. */
export function containerName(connection: Connection, id: string): string | null {
  const name = id
    .trim()
    .replace(`https://${connection.values.storage_account}.blob.core.windows.net/`, "az://")
    .replace(/^(?:az|abfss?):\/\/([^/]*).*$/s, "$1")
    .replace(`@${connection.values.storage_account}.dfs.core.windows.net`, "")
    .replace(/\/+$/, "");
  return /^[a-z0-9](?:-?[a-z0-9]){2,62}$/.test(name) && name.length <= 63 ? name : null;
}

const headers = ({ token }: Token) => ({ authorization: `Bearer ${token}`, "x-ms-version": VERSION });
const elements = (answer: Answer, name: string): string[] =>
  [...answer.body.toString("utf8").matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, "g"))].map(([, text]) => text ?? "");

export async function listContainers(connection: Connection, call: Call): Promise<string[]> {
  const token = await tokenFor(STORAGE, connection, call);
  const answer = accepted(await call.send(`${accountUrl(connection)}/?comp=list&maxresults=1000`, { headers: headers(token) }), WHO);
  return elements(answer, "Name").flatMap((name) => (containerName(connection, name) ? [`az://${name}`] : []));
}

/** Error: ProviderError when the container's blobs can't be listed. */
export async function reachContainer(connection: Connection, id: string, call: Call): Promise<void> {
  const name = containerName(connection, id);
  const token = await tokenFor(STORAGE, connection, call);
  const answer = await call.send(`${accountUrl(connection)}/${name}?restype=container&comp=list&maxresults=1`, { headers: headers(token) });
  if (answer.status === 404) throw new ProviderError("not-found", `The container ${name} was not found.`, "ContainerNotFound");
  accepted(answer, WHO, `The container ${name} can't be listed: the identity needs the role Storage Blob Data Contributor on it.`);
}

const time = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

async function delegationKey(token: Token, connection: Connection, start: string, end: string, call: Call) {
  const body = `<?xml version="1.0" encoding="utf-8"?><KeyInfo><Start>${start}</Start><Expiry>${end}</Expiry></KeyInfo>`;
  const url = `${accountUrl(connection)}/?restype=service&comp=userdelegationkey`;
  const answer = accepted(
    await call.send(url, { method: "POST", headers: { ...headers(token), "content-type": "application/xml" }, body }),
    WHO,
    "Azure Storage makes no signing key for this identity: it needs the role Storage Blob Delegator on the account.",
  );
  const read = (name: string): string => {
    const [found] = elements(answer, name);
    if (!found) throw new ProviderError("unreadable-answer", `Azure Storage's key has no ${name}.`);
    return found;
  };
  const id = answer.headers["x-ms-request-id"];
  return {
    value: read("Value"),
    parts: [read("SignedOid"), read("SignedTid"), read("SignedStart"), read("SignedExpiry"), read("SignedService"), read("SignedVersion")],
    requestId: typeof id === "string" && /^[\w-]{1,128}$/.test(id) ? id : null,
  };
}

export interface Signature {
  sas: string;
  expiresAt: Date;
  actsAs: string | null;
  requestId: string | null;
}

/** A signature for one container. Error: ProviderError. */
export async function signContainer(connection: Connection, id: string, lifetime: number | null, call: Call): Promise<Signature> {
  const name = containerName(connection, id);
  const token = await tokenFor(STORAGE, connection, call);
  const now = Math.floor(call.now().getTime() / 1_000) * 1_000;
  const expiresAt = new Date(now + Math.min(lifetime ?? DEFAULT_SECONDS, MOST_SECONDS) * 1_000);
  const [start, end] = [time(now - SKEW_MS), time(expiresAt.getTime())];
  const key = await delegationKey(token, connection, start, end, call);
  const resource = `/blob/${accountOf(connection)}/${name}`;
  // The order that version 2020-12-06 and later sign in: empty are the fields that nothing is said of (users, correlation, addresses, snapshot,
  // encryption scope, and five answer headers).
  const signed = [PERMISSIONS, start, end, resource, ...key.parts, "", "", "", "", "https", VERSION, "c", "", "", "", "", "", "", ""].join("\n");
  const signature = createHmac("sha256", Buffer.from(key.value, "base64")).update(signed, "utf8").digest("base64");
  const [skoid = "", sktid = "", skt = "", ske = "", sks = "", skv = ""] = key.parts;
  const fields = { sv: VERSION, sr: "c", sp: PERMISSIONS, st: start, se: end, spr: "https", skoid, sktid, skt, ske, sks, skv, sig: signature };
  return { sas: new URLSearchParams(fields).toString(), expiresAt, actsAs: token.actsAs, requestId: key.requestId };
}
