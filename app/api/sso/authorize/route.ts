import { cookies } from "next/headers";
import { sessionActor } from "@/lib/identity/session";
import { signOnRoute } from "@/lib/sso/route";
import { startSignOn } from "@/lib/sso/start";

/** Sends the browser to the identity provider. Public: this is how one signs in; tests and links look for their session themselves. */
export const GET = signOnRoute(async ({ url, request }) => startSignOn(Object.fromEntries(url.searchParams), await sessionActor(await cookies()), request));
