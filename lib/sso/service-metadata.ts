import "server-only";
import { environment } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { outsideScope } from "@/lib/kernel/transaction";
import { serviceKeys } from "./library";
import { spMetadata } from "./saml/write-metadata";
import { serviceAddresses } from "./schema";

/** Our metadata document for a SAML connection (SAML metadata §2.4.4). Error: not_found. */
export async function serviceMetadata(slug: string): Promise<Response> {
  const connection = await outsideScope((tx) =>
    tx.selectFrom("sso_connection").select("slug").where("slug", "=", slug).where("protocol", "=", "saml").where("deleted_at", "is", null).executeTakeFirst(),
  );
  if (!connection) throw new AppError("not_found", "There is no such connection.");
  const { certificate } = await serviceKeys();
  const xml = spMetadata({ ...serviceAddresses(environment().url, slug), certificatePems: [certificate] });
  return new Response(xml, { headers: { "content-type": "application/samlmetadata+xml; charset=utf-8", "cache-control": "no-store" } });
}
