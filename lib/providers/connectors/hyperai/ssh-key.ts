import { createPrivateKey } from "node:crypto";
import { ProviderError } from "../contract";

// Reading a private key as far as it can be read without speaking SSH: its kind, and whether its passphrase opens it. OpenSSH's own format locks keys
// with bcrypt, which Node has not: of such a key only the kind is read, and a wrong passphrase shows when it is used.

export type Kind = "rsa" | "dsa" | "ecdsa" | "ed25519";

const OPENSSH_KINDS: [RegExp, Kind][] = [
  [/^ssh-rsa$/, "rsa"],
  [/^ssh-dss$/, "dsa"],
  [/^ecdsa-sha2-nistp\d+$/, "ecdsa"],
  [/^ssh-ed25519$/, "ed25519"],
];
const NODE_KINDS: Record<string, Kind> = { rsa: "rsa", "rsa-pss": "rsa", dsa: "dsa", ec: "ecdsa", ed25519: "ed25519" };
const MAGIC = "openssh-key-v1\0";

const misconfigured = (message: string) => new ProviderError("misconfigured", message);
const UNREADABLE = "The private key can't be read: give the base64 of the whole file, from its first line to its last.";

/** The kind of the key in the base64 of a file. Error: ProviderError "misconfigured"; a passphrase that is wrong where that can be told. */
export function kindOf(base64: string, passphrase: string | null): Kind {
  const text = Buffer.from(base64, "base64").toString("utf8");
  const body = /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END OPENSSH PRIVATE KEY-----/.exec(text)?.[1];
  return body ? openSshKind(Buffer.from(body, "base64"), passphrase) : pemKind(text, passphrase);
}

function pemKind(text: string, passphrase: string | null): Kind {
  if (!/-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/.test(text)) throw misconfigured(UNREADABLE);
  const isLocked = /-----BEGIN ENCRYPTED PRIVATE KEY-----|Proc-Type: 4,ENCRYPTED/.test(text);
  if (isLocked && !passphrase) throw misconfigured("The private key has a passphrase, which is missing.");
  try {
    const kind = NODE_KINDS[createPrivateKey({ key: text, ...(passphrase ? { passphrase } : {}) }).asymmetricKeyType ?? ""];
    if (kind) return kind;
  } catch {
    throw misconfigured(isLocked ? "The passphrase doesn't open the private key." : UNREADABLE);
  }
  throw misconfigured("The private key is of a kind that SSH doesn't use.");
}

/** Cipher, key derivation, its options, the number of keys, the public part, the private part: strings with their lengths before them. */
function openSshKind(bytes: Buffer, passphrase: string | null): Kind {
  if (bytes.subarray(0, MAGIC.length).toString("latin1") !== MAGIC) throw misconfigured(UNREADABLE);
  let at = MAGIC.length;
  const next = (): Buffer => {
    const end = at + 4 <= bytes.length ? at + 4 + bytes.readUInt32BE(at) : Number.POSITIVE_INFINITY;
    if (end > bytes.length) throw misconfigured(UNREADABLE);
    const found = bytes.subarray(at + 4, end);
    at = end;
    return found;
  };
  const cipher = next().toString("latin1");
  next(); // the derivation's name
  next(); // and its options
  at += 4;
  const publicPart = next();
  const privatePart = next();
  if (cipher !== "none" && !passphrase) throw misconfigured("The private key has a passphrase, which is missing.");
  // Unlocked, it begins with the same number twice.
  if (cipher === "none" && (privatePart.length < 8 || privatePart.readUInt32BE(0) !== privatePart.readUInt32BE(4))) throw misconfigured(UNREADABLE);
  const name = publicPart.length > 4 ? publicPart.subarray(4, 4 + publicPart.readUInt32BE(0)).toString("latin1") : "";
  const kind = OPENSSH_KINDS.find(([pattern]) => pattern.test(name))?.[1];
  if (!kind) throw misconfigured("The private key is of a kind that SSH doesn't use.");
  return kind;
}
