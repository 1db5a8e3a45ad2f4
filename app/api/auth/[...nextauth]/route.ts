import NextAuth from "next-auth";
import type { NextRequest } from "next/server";
import { authOptions } from "@/lib/identity/auth-options";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { requestContext } from "@/lib/kernel/request";
import { problem } from "@/lib/kernel/route";

// The session library's endpoints. Public: a sign-in has no actor yet. What it writes goes through our own commands.

type Context = { params: Promise<{ nextauth: string[] }> };

async function handle(request: NextRequest, context: Context): Promise<Response> {
  const facts = requestContext(request.headers, "ui");
  try {
    // An identity provider may post its answer to the callback from its own pages; the library checks that one's state itself.
    if (request.method !== "GET" && (await context.params).nextauth[0] !== "callback") requireSameOrigin(request.headers);
    const response: Response = await NextAuth(request, context, authOptions(facts));
    response.headers.set("cache-control", "private, no-store");
    response.headers.set("x-request-id", facts.requestId);
    return response;
  } catch (error) {
    return problem(error, facts);
  }
}

export { handle as GET, handle as POST };
