import "server-only";
import { downloadOf } from "@/lib/artifacts/download";
import { credentialOfWireTicket } from "@/lib/artifacts/file-tickets";
import { spendDownload } from "@/lib/artifacts/open-files";
import { actorOfCredential } from "@/lib/identity/wire-credential";
import { execute, type Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { isUuid } from "@/lib/kernel/id";
import type { RequestContext } from "@/lib/kernel/request";
import { inScope, outsideScope } from "@/lib/kernel/transaction";

// GET /artifact_versions/{id}/data?token=: opened as a plain link, so the one-use token of …/download-token is all that comes with it. It
// acts as the credential that asked for it, which is read again: what was taken back meanwhile gives out nothing.

export const DATA_PATH = /^\/artifact_versions\/([^/]+)\/data$/;

/** The version's files as a gzipped tar. Errors: unauthenticated, not_found, forbidden. */
export async function serveData(workspace: Workspace, versionId: string, secret: string, facts: RequestContext): Promise<Response> {
  if (!isUuid(versionId)) throw new AppError("invalid_input", "artifact_version_id is not a valid UUID.", { fields: { artifact_version_id: "uuid" } });
  const credential = await inScope([workspace.id], (tx) => credentialOfWireTicket(tx, secret));
  const actor = await outsideScope((tx) => actorOfCredential(tx, credential, facts));
  const context = { actor, request: facts, workspace };
  const version = await execute(spendDownload, context, { secret, versionId, isWire: true });
  return downloadOf(context, version, { asArchive: true });
}
