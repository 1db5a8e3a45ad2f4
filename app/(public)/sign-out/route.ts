import { cookies } from "next/headers";
import { endOwnSession } from "@/lib/identity/end-own-session";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { sessionActor, sessionCookie } from "@/lib/identity/session";
import { execute } from "@/lib/kernel/command";
import { requestContext } from "@/lib/kernel/request";
import { problem } from "@/lib/kernel/route";
import { providerLogout } from "@/lib/sso/logout";
import { sentOn } from "@/lib/sso/route";

/**
 * Signs out, at the identity provider too where it takes that, and shows the sign-in page. Public, so that it also clears a cookie whose
 * session is over; the session's end is a command.
 */
export async function POST(request: Request): Promise<Response> {
  const facts = requestContext(request.headers, "ui");
  try {
    requireSameOrigin(request.headers);
    const store = await cookies();
    const actor = await sessionActor(store);
    const onward = actor && (await providerLogout(store));
    if (actor) await execute(endOwnSession, { actor, request: facts, workspace: null }, {});
    const { name, options } = sessionCookie();
    store.set(name, "", { ...options, maxAge: 0 });
    if (onward) return sentOn(onward, facts);
    return new Response(null, { status: 303, headers: { location: "/sign-in", "cache-control": "private, no-store", "x-request-id": facts.requestId } });
  } catch (error) {
    return problem(error, facts);
  }
}
