import "server-only";
import { cookies, headers } from "next/headers";
import type { z } from "zod";
import type { Target } from "@/lib/authz/can";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { sessionActor } from "@/lib/identity/session";
import { type CallContext, type Command, execute } from "./command";
import { AppError, toAppError } from "./errors";
import { logError } from "./log";
import { resolvePlace } from "./place";
import { requestContext } from "./request";

// Server actions are public endpoints: each is a command behind the same origin check, session and permission as everything else.

export type ActionState<R = unknown> =
  | { status: "idle" }
  | { status: "done"; result: R }
  | { status: "error"; code: string; message: string; fix?: string; fields?: Record<string, string>; requestId: string };

/** What asks something outside first and ends in a command: it gets the call, and the form's fields as they were sent. */
type Work<R> = (context: CallContext, fields: Record<string, string>) => Promise<R>;

/**
 * Makes a server action of a command, or of work that ends in one. The form's fields are the command's input; `workspace` (a slug) among
 * them names the workspace. `then` runs after the commit and may redirect.
 */
export function action<S extends z.ZodType, T extends Target, R>(
  act: Command<S, T, R> | Work<R>,
  options: { then?: (result: R) => void | Promise<void> } = {},
) {
  return async (_previous: ActionState<R>, form: FormData): Promise<ActionState<R>> => {
    const requestHeaders = await headers();
    const request = requestContext(requestHeaders, "ui");
    let result: R;
    try {
      requireSameOrigin(requestHeaders);
      const actor = await sessionActor(await cookies());
      if (!actor) throw new AppError("unauthenticated", "You are signed out.", { fix: "Sign in again." });
      const { workspace: slug, ...fields } = formFields(form);
      const place = await resolvePlace(actor, slug, undefined);
      if (!place) throw new AppError("not_found", "There is no such workspace here.");
      const context = { actor, request, workspace: place.workspace };
      result = typeof act === "function" ? await act(context, fields) : await execute(act, context, fields);
    } catch (error) {
      const known = toAppError(error);
      if (known.code === "internal") logError(request, known);
      return { status: "error", code: known.code, message: known.message, fix: known.fix, fields: known.fields, requestId: request.requestId };
    }
    await options.then?.(result);
    return { status: "done", result };
  };
}

function formFields(form: FormData): Record<string, string> {
  return Object.fromEntries([...form.entries()].filter((entry): entry is [string, string] => typeof entry[1] === "string" && !entry[0].startsWith("$ACTION")));
}
