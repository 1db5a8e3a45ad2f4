import "server-only";
import type { z } from "zod";
import type { Target } from "@/lib/authz/can";
import { operatorActor } from "@/lib/identity/actor";
import { type Command, parseInput, type Workspace } from "@/lib/kernel/command";
import type { Application } from "@/lib/setup/application";

const ORGANIZATION: Workspace = { id: "", slug: "", displayName: "", organizationId: "", state: "active" };

/** Runs a command as the operator within the application; nothing is noted where nothing changed. Without a workspace it is the organization's. */
export async function perform<S extends z.ZodType, T extends Target, R>(
  application: Application,
  command: Command<S, T, R>,
  raw: unknown,
  line: string,
  workspace: Workspace = ORGANIZATION,
): Promise<R> {
  const { tx, request, organizationId } = application;
  const actor = operatorActor(organizationId);
  const input = parseInput(command.input, raw);
  const target = await command.scope({ tx, actor, input, workspace });
  const { result, audit } = await command.run({ tx, actor, input, target, now: new Date().toISOString(), request, workspace });
  const workspaceId = workspace.id || null;
  if (!("unchanged" in audit)) for (const draft of [audit].flat()) application.changed(line, draft.action ?? command.name, draft, workspaceId);
  return result;
}
