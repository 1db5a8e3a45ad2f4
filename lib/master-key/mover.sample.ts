import { AGAIN } from "@/lib/jobs/handler";
import { moveSealed } from "./move-sealed";

// A worker of the tests that only moves to another master key, to be killed while it does.

const item = { id: 1, workspaceId: null, attempts: 1, signal: AbortSignal.timeout(120_000) };
while ((await moveSealed({ batch: Number(process.argv[2]) }, item)) === AGAIN);
process.exit(0);
