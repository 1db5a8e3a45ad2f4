import { signOnRoute } from "@/lib/sso/route";
import { takeOpenidAnswer } from "@/lib/sso/take-answer";

/** Where OpenID providers send the browser back to. Public: the answer is the proof. */
export const GET = signOnRoute(async ({ url, request }) => ({ url: await takeOpenidAnswer(Object.fromEntries(url.searchParams), request) }));
