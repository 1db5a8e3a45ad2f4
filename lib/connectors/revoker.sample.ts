import type { CallContext } from "@/lib/kernel/command";
import { revokeCredential } from "./revoke-credential";

// A process of the tests that revokes one credential, to be killed while it does.

const [context = "", id = "", issueId = ""] = process.argv.slice(2);
await revokeCredential(JSON.parse(context) as CallContext, { id, issueId });
process.exit(0);
