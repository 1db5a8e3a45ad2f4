import "server-only";
import fs from "node:fs";
import { fileOf } from "@/lib/kernel/keys";
import { findMasterKey, masterKeys } from "@/lib/kernel/master-keys";
import { log } from "@/lib/kernel/log";

/**
 * Puts the files of ended keys aside, as `retired-<id>.key`: an older backup of the database still needs them, and nothing reads them. The
 * one that is left becomes `master.key`. What was interrupted works as it is: every `master*.key` is read.
 */
export function keepRetiredFiles(retired: readonly string[]): void {
  try {
    for (const id of retired) {
      const place = findMasterKey(id)?.place;
      if (!place?.endsWith(".key") || !fs.existsSync(place)) continue;
      if (!fs.existsSync(fileOf(`retired-${id}`))) fs.linkSync(place, fileOf(`retired-${id}`));
      fs.rmSync(place);
    }
    if (fs.existsSync(fileOf("master"))) return;
    const [left, ...more] = masterKeys().filter((key) => key.place.endsWith(".key") && fs.existsSync(key.place));
    if (left && more.length === 0) fs.renameSync(left.place, fileOf("master"));
  } catch (error) {
    log.warn("files of ended master keys stay where they are", { error });
  }
}
