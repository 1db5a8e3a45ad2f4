import "server-only";
import { z } from "zod";
import { defineCommand, UNCHANGED } from "@/lib/kernel/command";
import { endSession } from "./session";

/** Signs out: ends the session that the request came with, and no other one. */
export const endOwnSession = defineCommand({
  name: "session.ended",
  permission: "session:revoke",
  worksWhileViewing: true,
  input: z.strictObject({}),
  scope: ({ actor }) => ({ ownerId: actor.id }),
  run: async ({ tx, actor }) => {
    const { kind, id } = actor.credential;
    const ended = kind === "session" && (await endSession(tx, id));
    return { result: null, audit: ended ? { target: { type: "session", id, name: actor.fullName || actor.name }, reason: "signed_out" } : UNCHANGED };
  },
});
