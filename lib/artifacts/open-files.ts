import "server-only";
import { z } from "zod";
import type { Target } from "@/lib/authz/can";
import { defineCommand, defineDataWrite } from "@/lib/kernel/command";
import type { Tx } from "@/lib/kernel/transaction";
import { findTicket, newTicket, spendTicket, type TicketPurpose, unknownTicket } from "./file-tickets";
import { artifactVersionTarget } from "./queries";
import { storedVersion, storedVisualization } from "./stored-files";
import { visualizationTarget } from "./visualizations";

// The two halves of giving out a file: making its one-use address, and using it up. Making one for a download leaves an entry; showing a
// visualization is a read, whose ticket says who and when.

const withSecret = z.strictObject({ secret: z.string().max(100) });

/** Makes the address of a visualization for one frame or picture. Error: not_found. */
export const issueVisualization = defineDataWrite({
  name: "artifact-version.visualization-issued",
  permission: "artifact:read",
  worksWhileViewing: true,
  input: z.strictObject({ id: z.uuid() }),
  scope: ({ tx, input }) => visualizationTarget(tx, input.id),
  run: async ({ tx, actor, input, target, request }) => ({
    result: await newTicket(tx, {
      ...target,
      artifactVersionId: target.versionId,
      visualizationId: input.id,
      purpose: "visualization",
      actor,
      requestId: request.requestId,
    }),
  }),
});

/** Uses up the address of a visualization. Errors: not_found, forbidden. */
export const spendVisualization = defineDataWrite({
  name: "artifact-version.visualization-shown",
  permission: "artifact:read",
  worksWhileViewing: true,
  input: withSecret,
  scope: ({ tx, input, workspace }) => targetOfTicket(tx, workspace.id, input.secret, "visualization"),
  run: async ({ tx, actor, input, target: { ticket } }) => {
    if (!ticket) throw unknownTicket();
    await spendTicket(tx, input.secret, ticket, actor);
    return { result: await storedVisualization(tx, ticket.visualization_id as string) };
  },
});

/** Makes the address of a version's files. `isWire`: for a client's link, which is opened without a session. Error: not_found. */
export const issueDownload = defineCommand({
  name: "artifact-version.download-issued",
  permission: "artifact:download",
  worksWhileViewing: true,
  input: z.strictObject({ versionId: z.uuid(), isWire: z.boolean() }),
  scope: ({ tx, input }) => artifactVersionTarget(tx, input.versionId),
  run: async ({ tx, actor, input, target, request }) => ({
    result: await newTicket(tx, {
      ...target,
      artifactVersionId: input.versionId,
      visualizationId: null,
      purpose: input.isWire ? "wire_download" : "download",
      actor,
      requestId: request.requestId,
    }),
    audit: { target: { ...target.thing, projectId: target.projectId } },
  }),
});

/** Says who saw the beginning of a version's data. Error: not_found. */
export const noteDataShown = defineCommand({
  name: "artifact-version.data-shown",
  permission: "artifact:download",
  worksWhileViewing: true,
  input: z.strictObject({ versionId: z.uuid(), file: z.string().max(4_096).nullable() }),
  scope: ({ tx, input }) => artifactVersionTarget(tx, input.versionId),
  run: async ({ input, target }) => ({ result: null, audit: { target: { ...target.thing, projectId: target.projectId }, after: { file: input.file } } }),
});

/** Uses up the address of a version's files. Errors: not_found, forbidden. */
export const spendDownload = defineDataWrite({
  name: "artifact-version.download-fetched",
  permission: "artifact:download",
  worksWhileViewing: true,
  input: withSecret.extend({ versionId: z.uuid(), isWire: z.boolean() }),
  scope: ({ tx, input, workspace }) => targetOfTicket(tx, workspace.id, input.secret, input.isWire ? "wire_download" : "download"),
  run: async ({ tx, actor, input, target: { ticket } }) => {
    if (!ticket || ticket.artifact_version_id !== input.versionId.toLowerCase()) throw unknownTicket();
    await spendTicket(tx, input.secret, ticket, actor);
    return { result: await storedVersion(tx, ticket.artifact_version_id) };
  },
});

/** Where a ticket leads; an unknown one is a question about the workspace, so that who may not ask learns nothing of it. */
async function targetOfTicket(tx: Tx, workspaceId: string, secret: string, purpose: TicketPurpose) {
  const ticket = await findTicket(tx, secret, purpose);
  const place: Target = ticket ? await artifactVersionTarget(tx, ticket.artifact_version_id) : { workspaceId };
  return { ...place, ticket };
}
