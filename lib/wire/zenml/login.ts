import "server-only";
import { noteRefusedCredential } from "@/lib/identity/refused-credentials";
import { loginWithKey } from "@/lib/identity/wire-credential";
import { can } from "@/lib/authz/can";
import type { Workspace } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import type { RequestContext } from "@/lib/kernel/request";
import { readBody } from "@/lib/kernel/route";
import { wireHeaders } from "./problem";

// POST /login (WIRE §3): the token endpoint. Today it serves API keys; device and password grants come with people and devices.

const DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/** Answers the token endpoint. No entry per login: every client process makes one; the key's row remembers the last. */
export async function login(request: Request, workspace: Workspace, facts: RequestContext): Promise<Response> {
  const form = new URLSearchParams(await readBody(request, 64 * 1024));
  const grant = form.get("grant_type") || (form.get("username") ? "password" : "zenml-api-key");
  if (grant === DEVICE_GRANT || grant === "password")
    throw new AppError("not_implemented", "This Reeve logs clients in with API keys.", { fix: "Set ZENML_STORE_API_KEY or run `zenml login --api-key`." });
  if (grant !== "zenml-api-key")
    return Response.json({ detail: `Unsupported grant type: ${grant.slice(0, 100)}` }, { status: 400, headers: wireHeaders(facts) });
  try {
    const { actor, token, expiresInS } = await loginWithKey(form.get("password") ?? "", facts);
    const place = { workspaceId: workspace.id };
    if (!can(actor, "workspace:read", place).allowed && !can(actor, "run:claim", place).allowed)
      throw new AppError("not_found", `There is no workspace ${workspace.slug} here.`, { reason: "other_workspace" });
    return Response.json(
      {
        access_token: token,
        token_type: "bearer",
        expires_in: expiresInS,
        refresh_token: null,
        csrf_token: null,
        scope: null,
        device_id: null,
        device_metadata: null,
      },
      { headers: wireHeaders(facts) },
    );
  } catch (error) {
    if (error instanceof AppError && (error.code === "unauthenticated" || error.code === "not_found"))
      noteRefusedCredential(facts, "zenml login", error.reason ?? error.code);
    throw error;
  }
}
