import { PEOPLE } from "@/components/sso/lists";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { listIdentities } from "@/lib/sso/list-attempts";
import { getConnection } from "@/lib/sso/queries";
import { exportList } from "../../../../../list-export";

export const dynamic = "force-dynamic";

/** The people of a connection that a filter shows, as CSV. */
export const GET = route("sso-connection:read", async ({ context, params, url }) => {
  const { id, slug } = await ask(getConnection, context, { connection: params.connection ?? "" });
  return exportList(url, `sso-${slug}-people`, PEOPLE, (input) => ask(listIdentities, context, { ...input, connectionId: id }), [
    ["account", (row) => row.who],
    ["account id", (row) => row.principalId],
    ["e-mail address", (row) => row.email],
    ["subject", (row) => row.subject],
    ["state", (row) => row.state],
    ["linked", (row) => row.linkedAt],
    ["last sign-in", (row) => row.lastAt],
  ]);
});
