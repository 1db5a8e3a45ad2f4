import { SECRET_LIST } from "@/components/secret/lists";
import { ask } from "@/lib/kernel/query";
import { route } from "@/lib/kernel/route";
import { listSecretRows } from "@/lib/secrets/list-secret-rows";
import { exportList } from "../../../list-export";

export const dynamic = "force-dynamic";

/** The secrets that a filter shows, as CSV: names and facts. */
export const GET = route("secret:read", ({ context, url }) =>
  exportList(url, `secrets-${context.workspace?.slug}`, SECRET_LIST, (input) => ask(listSecretRows, context, input), [
    ["name", (row) => row.name],
    ["id", (row) => row.id],
    ["kind", (row) => row.kind],
    ["scope", (row) => row.scope],
    ["project", (row) => row.project],
    ["keys", (row) => row.keys],
    ["version", (row) => row.version],
    ["owner", (row) => row.owner?.name ?? null],
    ["last used", (row) => row.lastUsedAt],
    ["last rotated", (row) => row.rotatedAt],
    ["expires", (row) => row.expiresAt],
    ["created", (row) => row.createdAt],
  ]),
);
