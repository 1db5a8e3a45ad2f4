import "server-only";
import { randomBytes } from "node:crypto";
import { AppError } from "@/lib/kernel/errors";
import { KEY_BYTES } from "@/lib/kernel/keys";
import { log } from "@/lib/kernel/log";
import { addMasterKey, findMasterKey, noteKeyProblem, toMasterKey } from "@/lib/kernel/master-keys";
import { wholeReason } from "@/lib/kernel/sealed-error";
import { inScope } from "@/lib/kernel/transaction";
import { keyService, sealedBy } from "./key-service";

/*
 * Master keys that an outside service seals: 32 bytes, made here, that rest in the database as the service sealed them and are opened into this
 * process's memory (decision 40). Each process opens them at its start, when something asks for one that it doesn't have, and every few seconds
 * while one is missing, so it unseals by itself.
 */

const WAIT_MS = 5_000;

declare global {
  var reeveUnlocking: Promise<void> | undefined;
  var reeveKeepsUnlocked: boolean | undefined;
}

/** Opens what is not open yet; the first key of an installation is made. Error: sealed, with what the service said. */
export function unlock(): Promise<void> {
  globalThis.reeveUnlocking ??= open().finally(() => {
    globalThis.reeveUnlocking = undefined;
  });
  return globalThis.reeveUnlocking;
}

async function open(): Promise<void> {
  const service = keyService();
  if (!service) return;
  const rows = await inScope([], (tx) => tx.selectFrom("master_key").select(["id", "state", "wrapped"]).where("state", "<>", "retired").execute());
  try {
    if (rows.length === 0) await makeFirst(service);
    for (const { id, wrapped } of rows) if (wrapped && !findMasterKey(id)) await openOne(service, id, wrapped);
    noteKeyProblem(undefined);
  } catch (error) {
    const problem = error instanceof AppError ? error : sealedBy(service, error);
    noteKeyProblem(problem);
    throw problem;
  }
}

type Service = NonNullable<ReturnType<typeof keyService>>;

async function openOne(service: Service, id: string, wrapped: string): Promise<void> {
  const key = toMasterKey(await service.unwrap(wrapped), service.place);
  if (key.id !== id) throw new Error("what it opened is another key");
  addMasterKey(key);
}

async function makeFirst(service: Service): Promise<void> {
  const { id, wrapped } = await wrapNew(service);
  await inScope([], (tx) =>
    tx
      .insertInto("master_key")
      .values({ id, state: "active", wrapped })
      .onConflict((conflict) => conflict.doNothing())
      .execute(),
  );
  const rows = await inScope([], (tx) => tx.selectFrom("master_key").select(["id", "wrapped"]).where("state", "=", "active").execute());
  for (const row of rows) if (row.wrapped) await openOne(service, row.id, row.wrapped);
}

/** A new key as the service seals it. Nothing holds it open: whoever needs it opens it from its row. */
export async function wrapNew(service: Service): Promise<{ id: string; wrapped: string; place: string }> {
  const root = randomBytes(KEY_BYTES);
  const { id } = toMasterKey(root, "");
  return { id, wrapped: await service.wrap(root), place: service.place };
}

/** From now on this process opens by itself what it is missing. */
export function keepUnlocked(): void {
  if (!keyService() || globalThis.reeveKeepsUnlocked) return;
  globalThis.reeveKeepsUnlocked = true;
  globalThis.reeveUnlock = unlock;
  let isSealed = false;
  const look = () =>
    void unlock()
      .then(
        () => {
          if (isSealed) log.info("the master key is open again");
          isSealed = false;
        },
        (error) => {
          if (!isSealed) log.warn("secrets stay sealed until the key service answers", { error: error instanceof Error ? wholeReason(error) : String(error) });
          isSealed = true;
        },
      )
      .finally(() => setTimeout(look, WAIT_MS).unref());
  look();
}
