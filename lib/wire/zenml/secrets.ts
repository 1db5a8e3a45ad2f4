import "server-only";
import { z } from "zod";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { createSecret } from "@/lib/secrets/create-secret";
import { deleteSecret } from "@/lib/secrets/delete-secret";
import { getSecret, listSecrets, SECRET_FIELDS, type SecretView } from "@/lib/secrets/queries";
import type { SecretValues } from "@/lib/secrets/schema";
import { updateSecret } from "@/lib/secrets/update-secret";
import { readSecretByClient } from "@/lib/secrets/use-secret";
import { bodyOf } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { booleanParameter } from "./list-query";
import { type Envelope, entity, times } from "./respond";
import { answerList } from "./scoped-list";
import { nestedUser } from "./users";

// Secrets on the wire (WIRE §10). Lists have no values; one secret comes with its values to the client of who made it.

const newSecret = z.object({ name: z.string(), private: z.boolean().nullish(), values: z.record(z.string(), z.string().nullable()) });
const changedSecret = z.object({
  name: z.string().nullish(),
  private: z.boolean().nullish(),
  values: z.record(z.string(), z.string().nullable()).nullish(),
});

const secret = (view: SecretView, hydrate: boolean, values: SecretValues = {}): Envelope =>
  entity({
    id: view.id,
    name: view.name,
    body: { ...times(view), user_id: view.created_by, private: view.private_to !== null, values },
    metadata: hydrate ? {} : null,
    resources: { user: nestedUser(view.owner) },
  });

/** One secret with its values: an entry and a row of the ledger. */
async function opened(call: WireCall, id: string | undefined): Promise<Envelope> {
  const { values, view } = await execute(readSecretByClient, call.context, { id });
  return secret(view, call.hydrate, values);
}

export const SECRET_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/secrets",
    permission: "secret:read",
    audit: "none: names, no values",
    list: true,
    handle: (call) =>
      answerList(
        call,
        SECRET_FIELDS,
        (input) => ask(listSecrets, call.context, input),
        (items) => items.map((item) => secret(item, call.hydrate)),
        { scopes: [] },
      ),
  },
  {
    method: "POST",
    path: "/secrets",
    permission: "secret:create",
    audit: "entry",
    handle: async (call) => {
      const { name, private: isPrivate, values } = bodyOf(call, newSecret);
      const id = await execute(createSecret, call.context, { name, isPrivate: isPrivate ?? false, values: withoutNulls(values) });
      return secret(await ask(getSecret, call.context, { id }), call.hydrate, withoutNulls(values));
    },
  },
  {
    method: "GET",
    path: "/secrets/{secret_id}",
    permission: "secret:read-value",
    audit: "entry",
    apart: true,
    handle: (call) => opened(call, call.path.secret_id),
  },
  {
    method: "PUT",
    path: "/secrets/{secret_id}",
    permission: "secret:update",
    audit: "entry",
    handle: async (call) => {
      const { name, private: isPrivate, values } = bodyOf(call, changedSecret);
      const isPatch = booleanParameter(call.query, "patch_values", false);
      const change = values == null ? {} : isPatch ? { patch: values } : { values: withoutNulls(values) };
      const id = await execute(updateSecret, call.context, { id: call.path.secret_id, name, isPrivate, ...change });
      return secret(await ask(getSecret, call.context, { id }), call.hydrate);
    },
  },
  {
    method: "DELETE",
    path: "/secrets/{secret_id}",
    permission: "secret:delete",
    audit: "entry",
    handle: (call) => execute(deleteSecret, call.context, { id: call.path.secret_id }),
  },
];

const withoutNulls = (values: Record<string, string | null>): SecretValues =>
  Object.fromEntries(Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== null));
