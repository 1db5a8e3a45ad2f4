import "server-only";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { closeDatabase } from "@/db/client";
import { openDatabase, prepareDatabase } from "@/lib/setup/open-database";
import { Verdicts } from "./verdicts";

/** What a bench that needs no server measures on: a migrated database, and a connection of its owner. */
export type Alone = { owner: pg.Client; verdicts: Verdicts };

/** Measures on an embedded PostgreSQL of its own, says what was missed, removes everything, and ends the process: 1 when a target was missed. */
export async function alone(measure: (at: Alone) => Promise<void>): Promise<never> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), "reeve-bench-"));
  fs.chmodSync(directory, 0o711); // the database runs as another user when we are root
  for (const name of ["DATABASE_URL", "REEVE_APP_DATABASE_URL", "REEVE_MASTER_KEY", "REEVE_SIGNING_KEY"]) delete process.env[name];
  process.env.REEVE_DATA = path.join(directory, "data");

  const verdicts = new Verdicts();
  const opened = await openDatabase();
  try {
    await prepareDatabase(opened);
    process.env.REEVE_APP_DATABASE_URL = opened.appUrl;
    const owner = new pg.Client({ connectionString: opened.ownerUrl, options: "-c search_path=reeve" });
    await owner.connect();
    await measure({ owner, verdicts }).finally(() => owner.end());
    await closeDatabase();
    verdicts.print();
  } finally {
    await opened.embedded?.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }
  process.exit(verdicts.missed.length > 0 ? 1 : 0);
}
