import { signOnRoute } from "@/lib/sso/route";
import { serviceMetadata } from "@/lib/sso/service-metadata";

/** Our metadata for a connection, as its identity provider reads it. Public: addresses and a certificate. */
export const GET = signOnRoute(async ({ params }) => serviceMetadata(params.connection ?? ""));
