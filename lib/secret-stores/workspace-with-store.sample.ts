import { drainOutbox } from "@/lib/jobs/outbox";
import { forgetEnvironment } from "@/lib/kernel/env";
import { forgetKeys } from "@/lib/kernel/keys";
import { callAs, makeTestOrganization } from "@/lib/kernel/test-organization";
import { asOwner } from "@/lib/kernel/test-rows";
import { startKvServer } from "./kv-server.sample";
import { saveStore } from "./save-store";

/** An organization whose workspace has a store of its own before a stand-in on loopback; new values go there. */
export async function makeWorkspaceWithStore() {
  process.env.REEVE_MASTER_KEY = Buffer.alloc(32, 7).toString("base64");
  process.env.REEVE_ALLOW_NETWORKS = "127.0.0.0/8";
  forgetEnvironment();
  forgetKeys();
  const acme = await makeTestOrganization();
  const kv = await startKvServer();
  const storeId = await saveStore(callAs(acme.people["workspace-admin"], acme.own.workspace), { type: "vault", settings: kv.settings });
  return { acme, kv, storeId };
}

/** Everything that the worker is left to do, now. */
export async function settle(ownerUrl: string): Promise<void> {
  await asOwner(ownerUrl, "update secret_store_check set due_at = clock_timestamp()");
  await asOwner(ownerUrl, "update outbox set available_at = clock_timestamp(), leased_until = null");
  while ((await drainOutbox()) > 0);
}
