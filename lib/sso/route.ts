import "server-only";
import { environment } from "@/lib/kernel/env";
import { toAppError } from "@/lib/kernel/errors";
import { type RequestContext, requestContext } from "@/lib/kernel/request";
import { problem, readBody } from "@/lib/kernel/route";
import { type Onward, SignInRefused } from "./schema";

// Routes that browsers pass on their way from and to an identity provider. People see their answers, so what goes wrong is a page.

type Arguments = { url: URL; params: Record<string, string | undefined>; request: RequestContext; form: () => Promise<URLSearchParams> };
type Context = { params: Promise<Record<string, string> | undefined> };
/** Base64 of the largest response that the gate looks at, with its relay state. */
const MAX_FORM = 1_500_000;

/** Makes a route of single sign-on: a way on, a form to post, or a document. Errors of ours lead back to the sign-in page. */
export function signOnRoute(work: (args: Arguments) => Promise<Onward | Response>) {
  return async (incoming: Request, context: Context): Promise<Response> => {
    const request = requestContext(incoming.headers, "ui");
    try {
      const params = (await context.params) ?? {};
      const form = async () => new URLSearchParams(await readBody(incoming, MAX_FORM));
      const answer = await work({ url: new URL(incoming.url), params, request, form });
      if (answer instanceof Response) return answer;
      return "post" in answer ? posted(answer, request) : sent(answer.url, request);
    } catch (error) {
      if (error instanceof SignInRefused) return sent(`/sign-in?error=${error.code}`, request);
      const known = toAppError(error);
      return known.code === "internal" || known.status >= 400 ? problem(error, request) : sent("/sign-in", request);
    }
  };
}

const headersOf = (request: RequestContext) => ({ "cache-control": "private, no-store", "x-request-id": request.requestId, "referrer-policy": "no-referrer" });

/** 303: what was posted here is not posted again there. */
const sent = (to: string, request: RequestContext) =>
  new Response(null, { status: 303, headers: { location: to.startsWith("/") ? `${environment().url}${to}` : to, ...headersOf(request) } });

/** next.config.ts lets this script run, by its hash. */
const SUBMIT = "document.forms[0].submit()";

const escaped = (text: string) => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);

/** What a policy calls an address: without its query, and without what ends a word there. */
const sourceOf = (address: string): string => {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname.replace(/[;,]/g, encodeURIComponent)}`;
};

/**
 * The HTTP-POST binding: a page that sends itself on (SAML bindings §3.5.4), and a button where no script runs. A logout goes to the provider's one
 * address and comes back to ours; sign-ins pass through addresses of the provider's own choice, which browsers would judge by the same rule.
 */
function posted({ post: { url, fields, back } }: Extract<Onward, { post: unknown }>, request: RequestContext): Response {
  const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`);
  const only = back ? `<meta http-equiv="content-security-policy" content="form-action ${escaped(`${sourceOf(url)} ${sourceOf(back)}`)}">` : "";
  const form = `<form method="post" action="${escaped(url)}">${inputs.join("")}<button>Continue to your identity provider</button></form>`;
  return htmlOf(back ? "Signing out" : "Signing in", only, `${form}<script>${SUBMIT}</script>`, request);
}

const htmlOf = (title: string, head: string, body: string, request: RequestContext) =>
  new Response(`<!doctype html><html lang="en"><meta charset="utf-8">${head}<title>${title}</title>${body}</html>`, {
    headers: { "content-type": "text/html; charset=utf-8", ...headersOf(request) },
  });

/** Sends the browser on from a form of ours: a redirect would count as the form's own way, which our pages' policy keeps to ourselves. */
export function sentOn(onward: Onward, request: RequestContext): Response {
  if ("post" in onward) return posted(onward, request);
  const to = escaped(onward.url);
  return htmlOf("Signing out", `<meta http-equiv="refresh" content="0;url=${to}">`, `<p><a href="${to}">Continue</a></p>`, request);
}
