import "server-only";
/* REEVE_SETUP_FILE at start: applied only if this very content was not applied before, so that what people changed since then stays. */
import { inScope } from "@/lib/kernel/transaction";
import { applySetup } from "@/lib/setup/apply-setup";
import { readSetupFile } from "@/lib/setup/read-setup-file";

/** Applies the file unless its content was applied; `say` hears every change and note. Errors: SetupFileError, conflict. */
export async function applySetupFileOnce(file: string, say: (line: string) => void): Promise<void> {
  const read = readSetupFile(file);
  const before = await inScope([], (tx) => tx.selectFrom("setup_applied").select("applied_at").where("sha256", "=", read.sha256).executeTakeFirst());
  if (before) {
    say(`The set-up file ${read.file} was applied on ${before.applied_at.slice(0, 10)}; apply it again with npm exec reeve -- apply.`);
    return;
  }
  const { changes, notes } = await applySetup(read, { origin: "system" });
  say(`Applied the set-up file ${read.file}:`);
  for (const change of changes) say(`  ${change}`);
  for (const note of notes) say(`  note: ${note}`);
}
