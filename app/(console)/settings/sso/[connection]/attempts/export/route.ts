import { ATTEMPTS } from "@/components/sso/lists";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { listAttempts } from "@/lib/sso/list-attempts";
import { getConnection } from "@/lib/sso/queries";
import { exportList } from "../../../../../list-export";

export const dynamic = "force-dynamic";

/** The attempts at a connection that a filter shows, as CSV. */
export const GET = route("sso-connection:read", async ({ context, params, url }) => {
  const { id, slug } = await ask(getConnection, context, { connection: params.connection ?? "" });
  return exportList(url, `sso-${slug}-attempts`, ATTEMPTS, (input) => ask(listAttempts, context, { ...input, connectionId: id }), [
    ["time", (row) => row.at],
    ["id", (row) => row.id],
    ["kind", (row) => row.mode],
    ["outcome", (row) => row.outcome],
    ["refusal", (row) => row.refusal],
    ["who", (row) => row.who],
    ["account id", (row) => row.principalId],
    ["e-mail address", (row) => row.email],
    ["from", (row) => row.address],
  ]);
});
