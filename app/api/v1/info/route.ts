import { environment } from "@/lib/kernel/env";

export const dynamic = "force-dynamic";

/** A client that was pointed at the host instead of a workspace: says which URL it wants. Public, and names no workspace. */
export function GET(): Response {
  const url = environment().url.replace(/\/$/, "");
  return Response.json(
    { detail: ["KeyError", `This is Reeve, but no workspace. Log in to a workspace's URL: zenml login ${url}/<workspace>`] },
    { status: 404, headers: { "cache-control": "no-store" } },
  );
}
