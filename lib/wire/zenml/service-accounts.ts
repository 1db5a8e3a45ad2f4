import "server-only";
import { z } from "zod";
import { execute } from "@/lib/kernel/command";
import { ask } from "@/lib/kernel/query";
import { deleteApiKey, updateApiKey } from "@/lib/service-accounts/change-api-key";
import { createApiKey } from "@/lib/service-accounts/create-api-key";
import { createServiceAccount } from "@/lib/service-accounts/create-service-account";
import { deleteServiceAccount } from "@/lib/service-accounts/delete-service-account";
import {
  ACCOUNT_FIELDS,
  type AccountView,
  KEY_FIELDS,
  type KeyView,
  pageApiKeys,
  pageServiceAccounts,
  readApiKey,
  readServiceAccount,
} from "@/lib/service-accounts/read-service-accounts";
import { rotateApiKey } from "@/lib/service-accounts/rotate-api-key";
import { updateServiceAccount } from "@/lib/service-accounts/update-service-account";
import { bodyOf } from "./bodies";
import type { Endpoint, WireCall } from "./endpoint";
import { inRecordedWords } from "./recorded-words";
import { type Envelope, entity, naiveOrNull, times } from "./respond";
import { answerList } from "./scoped-list";

// Service accounts and their API keys on the wire. A key's value is in the answers to POST and rotate, nowhere else. An account that a
// client makes gets the workspace's wire role (PERMISSIONS §3 rule 10).

const newAccount = z.object({ name: z.string(), full_name: z.string().nullish(), description: z.string().nullish(), active: z.boolean().nullish() });
const changedAccount = newAccount.partial().extend({ name: z.string().nullish() });
const newKey = z.object({ name: z.string(), description: z.string().nullish() });
const changedKey = z.object({ name: z.string().nullish(), description: z.string().nullish(), active: z.boolean().nullish() });
const rotation = z.object({ retain_period_minutes: z.number().int().min(0).default(0) });

const account = (view: AccountView, hydrate: boolean): Envelope =>
  entity({
    id: view.id,
    name: view.name,
    body: { ...times(view), full_name: view.full_name, active: view.active, avatar_url: null },
    metadata: hydrate ? { description: view.description, external_user_id: null } : null,
  });

const key = (view: KeyView, owner: AccountView, hydrate: boolean, value: string | null = null): Envelope =>
  entity({
    id: view.id,
    name: view.name,
    body: { ...times(view), key: value, active: view.active, service_account: account(owner, false) },
    metadata: hydrate
      ? {
          description: view.description,
          retain_period_minutes: view.retain_period_minutes,
          last_login: naiveOrNull(view.last_used_at),
          last_rotated: naiveOrNull(view.last_rotated_at),
        }
      : null,
  });

const oneAccount = async (call: WireCall, nameOrId: string) => account(await ask(readServiceAccount, call.context, { account: nameOrId }), call.hydrate);

async function oneKey(call: WireCall, keyNameOrId: string, value: string | null = null, hydrate = call.hydrate) {
  const found = await ask(readApiKey, call.context, { account: named(call).account, key: keyNameOrId });
  return key(found.key, found.account, hydrate, value);
}

/** The account and key that the path names. */
const named = (call: WireCall) => ({
  account: call.path.service_account_name_or_id ?? call.path.service_account_id ?? "",
  key: call.path.api_key_name_or_id ?? "",
});

const ONE = "/service_accounts/{service_account_name_or_id}";
const KEYS = "/service_accounts/{service_account_id}/api_keys";
const ONE_KEY = `${KEYS}/{api_key_name_or_id}`;

export const SERVICE_ACCOUNT_ENDPOINTS: Endpoint[] = [
  {
    method: "GET",
    path: "/service_accounts",
    permission: "service-account:read",
    audit: "none: a read",
    list: true,
    handle: (call) =>
      answerList(
        call,
        ACCOUNT_FIELDS,
        (input) => ask(pageServiceAccounts, call.context, input),
        (items) => items.map((item) => account(item, call.hydrate)),
      ),
  },
  {
    method: "POST",
    path: "/service_accounts",
    permission: "service-account:create",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, newAccount);
      const input = { name: body.name, fullName: body.full_name ?? "", description: body.description ?? "", active: body.active ?? true };
      const made = await inRecordedWords(execute(createServiceAccount, call.context, input), {
        conflict: `Unable to create service account with name '${body.name}': Found existing service account with this name.`,
      });
      return oneAccount(call, made.id);
    },
  },
  { method: "GET", path: ONE, permission: "service-account:read", audit: "none: a read", handle: (call) => oneAccount(call, named(call).account) },
  {
    method: "PUT",
    path: ONE,
    permission: "service-account:update",
    audit: "entry",
    handle: async (call) => {
      const { name, full_name: fullName, description, active } = bodyOf(call, changedAccount);
      const changed = await inRecordedWords(
        execute(updateServiceAccount, call.context, { account: named(call).account, name, fullName, description, active }),
        { conflict: `Unable to update service account with name '${name}': Found existing service account with this name.` },
      );
      return oneAccount(call, changed.id);
    },
  },
  {
    method: "DELETE",
    path: ONE,
    permission: "service-account:delete",
    audit: "entry",
    handle: (call) => execute(deleteServiceAccount, call.context, { account: named(call).account }),
  },
  {
    method: "GET",
    path: KEYS,
    permission: "api-key:read",
    audit: "none: a read",
    list: true,
    handle: (call) => {
      let owner: AccountView;
      return answerList(
        call,
        KEY_FIELDS,
        async (input) => {
          const page = await ask(pageApiKeys, call.context, { ...input, account: named(call).account });
          owner = page.account;
          return page;
        },
        (items) => items.map((item) => key(item, owner, call.hydrate)),
      );
    },
  },
  {
    method: "POST",
    path: KEYS,
    permission: "api-key:create",
    audit: "entry",
    handle: async (call) => {
      const body = bodyOf(call, newKey);
      const { account: owner } = named(call);
      const input = { account: owner, name: body.name, description: body.description ?? "" };
      const made = await inRecordedWords(execute(createApiKey, call.context, input), {
        conflict: async () =>
          `Unable to register API key with name '${body.name}': Found an existing API key with the same name configured for the same '${(await ask(readServiceAccount, call.context, { account: owner })).name}' service account.`,
      });
      return oneKey(call, made.id, made.value);
    },
  },
  { method: "GET", path: ONE_KEY, permission: "api-key:read", audit: "none: a read", handle: (call) => oneKey(call, named(call).key) },
  {
    method: "PUT",
    path: ONE_KEY,
    permission: "api-key:update",
    audit: "entry",
    handle: async (call) => oneKey(call, await execute(updateApiKey, call.context, { ...named(call), ...bodyOf(call, changedKey) })),
  },
  {
    method: "PUT",
    path: `${ONE_KEY}/rotate`,
    permission: "api-key:rotate",
    audit: "entry",
    handle: async (call) => {
      const made = await execute(rotateApiKey, call.context, { ...named(call), retainMinutes: bodyOf(call, rotation).retain_period_minutes });
      return oneKey(call, made.id, made.value, false); // recorded without metadata
    },
  },
  {
    method: "DELETE",
    path: ONE_KEY,
    permission: "api-key:delete",
    audit: "entry",
    handle: (call) => execute(deleteApiKey, call.context, named(call)),
  },
];
