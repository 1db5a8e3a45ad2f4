import { type CallContext, execute } from "@/lib/kernel/command";
import { createSecret } from "@/lib/secrets/create-secret";

// A process of the tests that makes one secret, to be killed while it does.

const context = JSON.parse(process.argv[2] ?? "") as CallContext;
await execute(createSecret, context, { name: process.argv[3], isPrivate: false, values: { key: process.argv[4] } });
process.exit(0);
