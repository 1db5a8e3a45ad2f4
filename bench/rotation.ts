/*
 * npm run bench:rotation: how long 100,000 secrets take to move to another master key, with a worker of its own process that moves and this one
 * that reads all the time. It needs no build and no server. docs/performance.md says how to read it.
 */
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import path from "node:path";
import type pg from "pg";
import { operatorActor } from "@/lib/identity/actor";
import { execute } from "@/lib/kernel/command";
import { forgetEnvironment } from "@/lib/kernel/env";
import { newId } from "@/lib/kernel/id";
import { forgetKeys } from "@/lib/kernel/keys";
import { systemContext } from "@/lib/kernel/request";
import { inScope } from "@/lib/kernel/transaction";
import { rotateMasterKey } from "@/lib/master-key/rotate-master-key";
import { sealValues } from "@/lib/secrets/envelope";
import { readVersion } from "@/lib/secrets/versions";
import { alone } from "./alone";
import { percentile } from "./load";

const SECRETS = Number(process.env.SECRETS ?? 100_000);
const READERS = 4;
const LIMIT_S = 60;
const root = path.resolve(import.meta.dirname, "../..");

await alone(async ({ owner, verdicts }) => {
  const [organizationId, workspaceId] = [newId(), newId()];
  const ids = await fill(owner, organizationId, workspaceId);
  const read = async (secretId: string) =>
    inScope([workspaceId], async (tx) => (await readVersion(tx, organizationId, { workspaceId, secretId, version: 1 })).key?.length);

  await execute(rotateMasterKey, { actor: operatorActor(organizationId), request: systemContext("cli"), workspace: null }, {});
  const began = performance.now();
  const script = path.join(root, "scripts/run.mjs");
  const mover = spawn(process.execPath, [script, "lib/master-key/mover.sample.ts", "500"], { cwd: root, env: process.env, stdio: "inherit" });
  let isOver = false;
  const over = new Promise<number | null>((resolve) => mover.once("exit", resolve));
  const times: number[] = [];
  let failed = 0;
  const readers = Array.from({ length: READERS }, async (_, reader) => {
    for (let at = reader; !isOver; at += 7_919) {
      const start = performance.now();
      try {
        if ((await read(ids[at % ids.length] as string)) !== 44) failed++;
      } catch {
        failed++;
      }
      times.push(performance.now() - start);
    }
  });
  const code = await over;
  const seconds = (performance.now() - began) / 1000;
  isOver = true;
  await Promise.all(readers);
  times.sort((a, b) => a - b);
  const at = (share: number) => percentile(times, share).toFixed(1);
  const left = await inScope([workspaceId], (tx) => tx.selectFrom("master_key").select("id").where("state", "=", "retiring").execute());
  console.log(`${SECRETS} secrets moved in ${seconds.toFixed(1)} s (ended with ${code}); ${times.length} reads meanwhile, p50 ${at(50)} ms, p95 ${at(95)} ms`);
  verdicts.atMost("moving to another master key, s", seconds, LIMIT_S);
  verdicts.atMost("failed reads", failed, 0);
  verdicts.atMost("old keys that are left", left.length, 0);
});

/** One workspace of secrets with one version each. */
async function fill(owner: pg.Client, organizationId: string, workspaceId: string): Promise<string[]> {
  forgetEnvironment();
  forgetKeys();
  await owner.query("insert into organization (id, name) values ($1, 'Bench')", [organizationId]);
  await owner.query("insert into workspace (id, organization_id, slug, display_name) values ($1, $2, 'bench', 'Bench')", [workspaceId, organizationId]);
  const ids = Array.from({ length: SECRETS }, () => newId());
  await owner.query("insert into secret (id, workspace_id, name, key_names) select id, $2, id::text, '{key}' from unnest($1::uuid[]) id", [ids, workspaceId]);
  for (let from = 0; from < ids.length; from += 1_000) {
    const part = ids.slice(from, from + 1_000);
    const sealed = await inScope([workspaceId], (tx) =>
      Promise.all(part.map((secretId) => sealValues(tx, organizationId, { workspaceId, secretId, version: 1 }, { key: randomBytes(32).toString("base64") }))),
    );
    await owner.query(
      `insert into secret_version (secret_id, version, workspace_id, key_names, master_key_id, wrapped_key, sealed, commitment, request_id)
       select id, 1, $2, '{key}', $3, wrapped, sealed, ''::bytea, 'bench' from unnest($1::uuid[], $4::bytea[], $5::bytea[]) as u(id, wrapped, sealed)`,
      [part, workspaceId, sealed[0]?.master_key_id, sealed.map((one) => one.wrapped_key), sealed.map((one) => one.sealed)],
    );
  }
  await owner.query("analyze secret_version");
  return ids;
}
