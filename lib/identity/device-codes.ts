import "server-only";
import { createHmac, randomBytes } from "node:crypto";
import { authenticationKey } from "@/lib/kernel/keys";

// The two codes of a device login: the user code, which a person sees and confirms (16 random bytes), and the device code, which only the
// client holds (32 random bytes). Only HMACs of them are stored.

const USER_CODE = /^[0-9a-f]{32}$/;
const DEVICE_CODE = /^[0-9a-f]{64}$/;

export const mintDeviceCodes = () => ({ userCode: randomBytes(16).toString("hex"), deviceCode: randomBytes(32).toString("hex") });

/** A user code as it is minted, however it was typed. */
export const normalUserCode = (text: string): string => text.replace(/[\s-]/g, "").toLowerCase();

/** What is stored of a user code, however it was typed: upper case, spaces and hyphens don't matter. Undefined for what no code is. */
export function userCodeHash(text: string): Buffer | undefined {
  const code = normalUserCode(text);
  return USER_CODE.test(code) ? hmac("device-user-code", code) : undefined;
}

/** What is stored of a device code; undefined for what no code is. */
export const deviceCodeHash = (text: string): Buffer | undefined => (DEVICE_CODE.test(text) ? hmac("device-code", text) : undefined);

const hmac = (purpose: string, text: string) => createHmac("sha256", authenticationKey(purpose)).update(text).digest();
