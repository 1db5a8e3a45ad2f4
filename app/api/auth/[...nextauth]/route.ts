import NextAuth from "next-auth";
import type { NextRequest } from "next/server";
import { authOptions } from "@/lib/identity/auth-options";
import { deviceCookie, knownDevice, rememberDevice } from "@/lib/identity/known-device";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { requestContext } from "@/lib/kernel/request";
import { problem } from "@/lib/kernel/route";
import { signOnIn } from "@/lib/sso/exchange";

// The session library's endpoints. Public: a sign-in has no actor yet. What it writes goes through our own commands.

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: NextRequest, context: Context): Promise<Response> {
  const facts = requestContext(request.headers, "ui");
  try {
    if (request.method !== "GET") requireSameOrigin(request.headers);
    const signOn = signOnIn(facts, request.cookies);
    const response: Response = await NextAuth(request, context, authOptions(facts, signOn));
    const ending = signOn.ending();
    if (ending && "principalId" in ending) response.headers.append("set-cookie", remembered(ending.principalId, request));
    response.headers.set("cache-control", "private, no-store");
    response.headers.set("x-request-id", facts.requestId);
    return response;
  } catch (error) {
    return problem(error, facts);
  }
}

/** The browser is known from now on, as after a password. */
function remembered(principalId: string, request: NextRequest): string {
  const { name, options } = deviceCookie();
  const secure = options.secure ? "; Secure" : "";
  return `${name}=${rememberDevice(principalId, knownDevice(request.cookies))}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${options.maxAge}${secure}`;
}

export { handle as GET, handle as POST };
