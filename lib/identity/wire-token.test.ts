import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { mintLoginToken, mintWorkloadToken, readWireToken } from "./wire-token";

const useSigningKey = (fill: number) => {
  process.env.REEVE_SIGNING_KEY = Buffer.alloc(32, fill).toString("base64");
  forgetEnvironment();
  forgetKeys();
};
const bytesOf = (token: string) =>
  [
    token.slice(0, 4),
    ...token
      .slice(4)
      .split(".")
      .map((part) => Buffer.from(part, "base64url").toString("hex")),
  ].join(".");
const [keyId, principalId, runId] = [randomUUID(), randomUUID(), randomUUID()];
const key = { kind: "api_key", id: keyId, generation: 3 } as const;
let login = "";
let workload = "";

beforeAll(() => useSigningKey(7));
beforeEach(() => {
  vi.useFakeTimers({ now: new Date("2026-11-22T18:00:00Z") });
  login = mintLoginToken(key, 3600).token;
  workload = mintWorkloadToken(principalId, key, runId, 3600);
});
afterEach(() => {
  vi.useRealTimers();
  useSigningKey(7);
});

it("says what it was made of", () => {
  const made = mintLoginToken(key, 3600);
  const expiresAt = Date.parse("2026-11-22T19:00:00Z") / 1000;
  expect(readWireToken(made.token)).toEqual({ type: "login", credential: key, nonce: made.nonce, expiresAt });
  expect(readWireToken(workload)).toEqual({ type: "workload", principalId, credential: key, runId, expiresAt });
  expect(readWireToken(mintWorkloadToken(principalId, null, runId, 3600))).toMatchObject({ credential: null });
  for (const kind of ["device", "personal_token", "password"] as const) {
    expect(readWireToken(mintLoginToken({ ...key, kind }, 60).token)).toMatchObject({ credential: { ...key, kind } });
    expect(readWireToken(mintWorkloadToken(principalId, { ...key, kind }, runId, 60))).toMatchObject({ credential: { ...key, kind } });
  }
});

it("differs for each login of the same key", () => {
  expect(new Set(Array.from({ length: 50 }, () => mintLoginToken({ ...key, generation: 0 }, 60).token)).size).toBe(50);
});

it("ends at its second", () => {
  vi.setSystemTime(new Date("2026-11-22T18:59:59Z"));
  expect([readWireToken(login), readWireToken(workload)]).not.toContain(undefined);
  vi.setSystemTime(new Date("2026-11-22T19:00:00Z"));
  expect([readWireToken(login), readWireToken(workload)]).toEqual([undefined, undefined]);
});

describe("is worth nothing", () => {
  it("with any one character changed", () => {
    for (const token of [login, workload])
      for (let at = 0; at < token.length; at++) {
        const other = token[at] === "A" ? "B" : "A";
        const changed = token.slice(0, at) + other + token.slice(at + 1);
        // The last character of a part may hold bits that mean nothing: then it is the same token, spelled in another way.
        if (bytesOf(changed) !== bytesOf(token) && readWireToken(changed)) expect.fail(`changed at ${at} it still holds`);
      }
  });

  it("cut or lengthened", () => {
    for (const token of [login, workload])
      for (const text of [token.slice(0, -1), token.slice(0, token.indexOf(".")), `${token}AAAA`, token.slice(1), ""])
        expect(readWireToken(text)).toBeUndefined();
  });

  it("as a token of the other kind", () => {
    expect(readWireToken(`rvw_${login.slice(4)}`)).toBeUndefined();
    expect(readWireToken(`rvl_${workload.slice(4)}`)).toBeUndefined();
    expect(readWireToken(login.slice(4))).toBeUndefined();
  });

  it("made under another signing key", () => {
    useSigningKey(8);
    expect([readWireToken(login), readWireToken(workload)]).toEqual([undefined, undefined]);
  });

  it.each(["rvl_", "rvl_.", "rvw_.", "rvl_AAAA.AAAA", "Bearer", "rvl_\u0000.\u0000"])("as %j", (text) => {
    expect(readWireToken(text)).toBeUndefined();
  });
});
