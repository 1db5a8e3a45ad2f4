"use server";

import { headers } from "next/headers";
import { requireSameOrigin } from "@/lib/identity/same-origin";
import { toAppError } from "@/lib/kernel/errors";
import { logError } from "@/lib/kernel/log";
import { requestContext } from "@/lib/kernel/request";
import { activateWithToken } from "@/lib/members/activate-person";
import type { LinkState } from "../../sign-in/link-state";

/** Activates an account. Public: the token, 256 random bits, is the proof; wrong ones count against their source; same origin only. */
export async function activateAccount(_previous: LinkState, form: FormData): Promise<LinkState> {
  const requestHeaders = await headers();
  const request = requestContext(requestHeaders, "ui");
  const text = (name: string) => String(form.get(name) ?? "").slice(0, 1_024);
  try {
    requireSameOrigin(requestHeaders);
    await activateWithToken(text("user"), { token: text("token"), password: text("password") }, request);
    return { status: "done" };
  } catch (error) {
    const known = toAppError(error);
    if (known.code === "internal") logError(request, known);
    return { status: "error", message: known.message, fix: known.fix, fields: known.fields, requestId: request.requestId };
  }
}
