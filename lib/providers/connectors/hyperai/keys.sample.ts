import { generateKeyPairSync } from "node:crypto";

// Keys of the tests alone. OpenSSH's own format can't be made by Node: these came from ssh-keygen.

const base64 = (text: string) => Buffer.from(text).toString("base64");

export const ED25519 = base64(`-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW
QyNTUxOQAAACD82FivK3pGv7LG2e5ABUsG02PBGxNBG9XAMO/XyjNY4wAAAIigkUsDoJFL
AwAAAAtzc2gtZWQyNTUxOQAAACD82FivK3pGv7LG2e5ABUsG02PBGxNBG9XAMO/XyjNY4w
AAAEAnpnHn+qHj2gBrX7p/5yW1/X448e8GA+PenJoIeWfuQvzYWK8reka/ssbZ7kAFSwbT
Y8EbE0Eb1cAw79fKM1jjAAAABHRlc3QB
-----END OPENSSH PRIVATE KEY-----
`);

/** Its passphrase is "a passphrase". */
export const LOCKED_ED25519 = base64(`-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABDOQ7s8Y3
DzZV6plzGcAWN/AAAAEAAAAAEAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIDmoX334EmOjwJEx
w4q6Mt6u7hRpusCISmHEhwa5EU/PAAAAkA+c7BkilLedy8FvicrecpiRiOCEiDS5DEVvZc
cOOeMYQsIO7LeDpm5vpw7nJKro6m+K1+yJyeGfoelhHxG97f/CWGWOigM+5TBJ/Rdd+AXd
nxNK/ySrczdgGEMmGpsJWYraAvW5y9wceAi2Ve7QLHRyQaMywtVE/hadIRILuHq8X0aA0N
n2M4RYzY4XuaENAQ==
-----END OPENSSH PRIVATE KEY-----
`);

export const ECDSA = base64(`-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAaAAAABNlY2RzYS
1zaGEyLW5pc3RwMjU2AAAACG5pc3RwMjU2AAAAQQRQXMFWWN+VY+lLXLT5lnVvOl64CUHb
8dog/ua95yKMZzS4+B03AgMK3Q9bQ4lCtoZq7VlR71ngO2yzOsLGMQdCAAAAoCrHmtEqx5
rRAAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBFBcwVZY35Vj6Utc
tPmWdW86XrgJQdvx2iD+5r3nIoxnNLj4HTcCAwrdD1tDiUK2hmrtWVHvWeA7bLM6wsYxB0
IAAAAgQSfGCSjLmv4/1M2t3Lhz0/XRMLqSoigqLC+KNWAqGhUAAAAEdGVzdAECAwQ=
-----END OPENSSH PRIVATE KEY-----
`);

const locked = (passphrase?: string) => (passphrase ? { cipher: "aes-256-cbc", passphrase } : {});

export const rsa = (passphrase?: string) =>
  base64(
    generateKeyPairSync("rsa", { modulusLength: 2048 })
      .privateKey.export({ type: "pkcs8", format: "pem", ...locked(passphrase) })
      .toString(),
  );

export const dsa = () =>
  base64(generateKeyPairSync("dsa", { modulusLength: 2048, divisorLength: 256 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString());
