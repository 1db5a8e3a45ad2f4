import { signOnRoute } from "@/lib/sso/route";
import { takeSamlResponse } from "@/lib/sso/take-answer";

/** A connection's assertion consumer service (HTTP-POST binding). Public: the signed answer is the proof. */
export const POST = signOnRoute(async ({ form, params, request }) => ({ url: await takeSamlResponse(params.connection ?? "", await form(), request) }));
