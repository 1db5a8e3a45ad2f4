/*
 * npm run bench:moves: how long the values of 1,000 secrets take to be copied to an outside store and cut over, with one worker and a store on
 * loopback that answers at once. It needs no build and no server. docs/performance.md says how to read it.
 */
import { AGAIN } from "@/lib/jobs/handler";
import { execute } from "@/lib/kernel/command";
import { callAs } from "@/lib/kernel/test-organization";
import { cutOver, startMove } from "@/lib/secret-stores/move-store";
import { chooseStore } from "@/lib/secret-stores/use-store";
import { workMove } from "@/lib/secret-stores/work-move";
import { makeWorkspaceWithStore } from "@/lib/secret-stores/workspace-with-store.sample";
import { createSecret } from "@/lib/secrets/create-secret";
import { alone } from "./alone";

const SECRETS = Number(process.env.SECRETS ?? 1_000);

await alone(async ({ owner, verdicts }) => {
  const { acme, kv, storeId } = await makeWorkspaceWithStore();
  const { workspace } = acme.own;
  const admin = callAs(acme.people["workspace-admin"], workspace);
  for (const to of [storeId, ""]) {
    if (to) await execute(chooseStore, admin, { storeId: "" });
    if (to) for (let at = 0; at < SECRETS; at++) await execute(createSecret, admin, { name: `s-${at}`, isPrivate: false, values: { key: `value ${at}` } });
    const moveId = await execute(startMove, admin, { to });
    const item = { id: 0, workspaceId: workspace.id, attempts: 1, signal: new AbortController().signal };
    const began = performance.now();
    while ((await workMove({ moveId, workspaceId: workspace.id }, item)) === AGAIN);
    const seconds = (performance.now() - began) / 1_000;
    const cutting = performance.now();
    const { isDone } = await execute(cutOver, admin, { moveId });
    const cutMs = performance.now() - cutting;
    const words = to ? "to an outside store" : "back to Reeve’s own";
    console.log(
      `${SECRETS} secrets ${words}: copied in ${seconds.toFixed(1)} s (${(SECRETS / seconds).toFixed(0)} a second), cut over in ${cutMs.toFixed(0)} ms`,
    );
    verdicts.atMost(`${words}: cut over at the first try`, isDone ? 0 : 1, 0);
    await owner.query("update secret_move set state = 'ended'");
    await owner.query("delete from secret_copy");
  }
  kv.stop();
});
