import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { readEvidence } from "@/lib/sso/keep-test";
import { getConnection } from "@/lib/sso/queries";

export const dynamic = "force-dynamic";

/** A kept test login as a file, byte for byte what its digest is of. */
export const GET = route("sso-connection:read", async ({ context, params }) => {
  const { id, slug } = await ask(getConnection, context, { connection: params.connection ?? "" });
  const { record, sha256 } = await ask(readEvidence, context, { connectionId: id, evidenceId: params.evidence ?? "" });
  const file = `sso-${slug}-test-${sha256.slice(0, 12)}.json`;
  return new Response(record, { headers: { "content-type": "application/json; charset=utf-8", "content-disposition": `attachment; filename="${file}"` } });
});
