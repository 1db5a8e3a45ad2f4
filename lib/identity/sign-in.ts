import "server-only";
import { z } from "zod";
import { parseInput } from "@/lib/kernel/command";
import type { RequestContext } from "@/lib/kernel/request";
import { checkPassword } from "./check-password";
import type { KnownDevice } from "./known-device";
import { openSession, type StartedSession } from "./start-session";

// Local sign-in by e-mail and password. An unknown address costs the same work and gets the same answer as a wrong password. Only who
// knows the password learns that an account has ended.

export const signInInput = z.strictObject({ email: z.string().trim().min(1).max(320), password: z.string().min(1).max(1_024) });

export type SignInContext = { request: RequestContext; device?: KnownDevice; replacedToken?: string };
export type SignedIn = StartedSession & { status: "signed_in"; principalId: string };
export type SignInResult =
  | SignedIn
  | { status: "wrong_pair" }
  | { status: "throttled"; waitS: number }
  | { status: "sso_required" }
  | { status: "deactivated"; endedAt: string | null };

/** Checks the pair and opens a session. Errors: invalid_input, unavailable, conflict when the installation is not set up yet. */
export async function signIn(rawInput: unknown, { request, device, replacedToken }: SignInContext): Promise<SignInResult> {
  const { email, password } = parseInput(signInInput, rawInput);
  const checked = await checkPassword(email, password, request, device);
  if (checked.status !== "right") return checked;
  const session = await openSession(checked.principalId, "local password", request, { replacedToken });
  return { status: "signed_in", principalId: checked.principalId, ...session };
}
