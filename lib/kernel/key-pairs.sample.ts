import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";

// Key pairs for tests that export them as JWK. They are read from PEM: a key that its generating job made shares a lock with it, and Node 20 stands
// still for good when the job is collected in the middle of an export.

const PUBLIC = { type: "spki", format: "pem" } as const;
const PRIVATE = { type: "pkcs8", format: "pem" } as const;
const opened = (pem: { publicKey: string; privateKey: string }) => ({
  publicKey: createPublicKey(pem.publicKey),
  privateKey: createPrivateKey(pem.privateKey),
});

export const rsaKeys = (modulusLength = 2048) => opened(generateKeyPairSync("rsa", { modulusLength, publicKeyEncoding: PUBLIC, privateKeyEncoding: PRIVATE }));
export const ecKeys = (namedCurve = "prime256v1") => opened(generateKeyPairSync("ec", { namedCurve, publicKeyEncoding: PUBLIC, privateKeyEncoding: PRIVATE }));
export const edKeys = () => opened(generateKeyPairSync("ed25519", { publicKeyEncoding: PUBLIC, privateKeyEncoding: PRIVATE }));
