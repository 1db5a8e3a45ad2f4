import { startReeve } from "./fixtures";
import { REEVE_VARIABLE } from "./browser";

/** One Reeve for all browser tests of a run; what it returns ends it. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const reeve = await startReeve({ env: { REEVE_ALLOW_NETWORKS: "127.0.0.0/8" } }); // identity providers of tests
  const { output: _output, stop, ...facts } = reeve;
  process.env[REEVE_VARIABLE] = JSON.stringify(facts);
  return stop;
}
