import { USE_LIST } from "@/components/secret/lists";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { getSecretPage } from "@/lib/secrets/get-secret-page";
import { listSecretUses } from "@/lib/secrets/list-secret-uses";
import { exportList } from "../../../../../list-export";

export const dynamic = "force-dynamic";

/** The uses of a secret that a filter shows, as CSV. */
export const GET = route("secret:read", async ({ context, params, url }) => {
  const secret = await ask(getSecretPage, context, { id: params.secret });
  return exportList(url, `uses-of-${secret.id}`, USE_LIST, (input) => ask(listSecretUses, context, { ...input, secretId: secret.id }), [
    ["time", (row) => row.at],
    ["who", (row) => row.who?.name ?? null],
    ["credential", (row) => row.credential],
    ["purpose", (row) => row.purpose],
    ["reason", (row) => row.reason],
    ["version", (row) => row.version],
    ["run", (row) => (row.run ? `${row.run.name} #${row.run.number}` : null)],
    ["step", (row) => row.step],
    ["how known", (row) => row.exactness],
    ["held until", (row) => row.heldUntil],
    ["entry", (row) => row.entry],
    ["request", (row) => row.requestId],
    ["id", (row) => row.id],
  ]);
});
