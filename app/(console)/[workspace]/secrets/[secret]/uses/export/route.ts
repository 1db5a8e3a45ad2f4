import { USE_LIST } from "@/components/secret/lists";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { getSecretPage } from "@/lib/secrets/get-secret-page";
import { listSecretUses } from "@/lib/secrets/list-secret-uses";
import { exportList } from "../../../../../list-export";
import { USE_COLUMNS } from "../../../../../use-columns";

export const dynamic = "force-dynamic";

/** The uses of a secret that a filter shows, as CSV. */
export const GET = route("secret:read", async ({ context, params, url }) => {
  const secret = await ask(getSecretPage, context, { id: params.secret });
  return exportList(url, `uses-of-${secret.id}`, USE_LIST, (input) => ask(listSecretUses, context, { ...input, secretId: secret.id }), USE_COLUMNS);
});
