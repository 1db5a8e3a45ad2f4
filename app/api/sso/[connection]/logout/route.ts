import { takeLogout } from "@/lib/sso/logout";
import { signOnRoute } from "@/lib/sso/route";

/** A connection's single logout service, by both bindings. Public: the provider's signature is the proof. */
export const GET = signOnRoute(({ url, params, request }) => takeLogout(params.connection ?? "", { query: url.search.slice(1) }, request));
export const POST = signOnRoute(async ({ form, params, request }) => takeLogout(params.connection ?? "", { form: await form() }, request));
