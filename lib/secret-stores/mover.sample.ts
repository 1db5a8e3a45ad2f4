import { AGAIN } from "@/lib/jobs/handler";
import { workMove } from "./work-move";

// A worker of the tests that only moves values to another store, to be killed while it does.

const item = { id: 1, workspaceId: null, attempts: 1, signal: AbortSignal.timeout(120_000) };
while ((await workMove(JSON.parse(process.argv[2] ?? "") as Record<string, unknown>, item)) === AGAIN);
process.exit(0);
