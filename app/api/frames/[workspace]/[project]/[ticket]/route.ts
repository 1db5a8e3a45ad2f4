import { markdownDocument } from "@/lib/artifacts/markdown-document";
import { spendVisualization } from "@/lib/artifacts/open-files";
import { readVisualization } from "@/lib/artifacts/show-visualization";
import { execute } from "@/lib/kernel/command";
import { AppError } from "@/lib/kernel/errors";
import { route } from "@/lib/kernel/route";

/**
 * HTML that pipelines made, once, inside a frame of our own page: next.config.ts gives every answer of this path the policy that makes its
 * origin opaque and lets it load nothing. Markdown becomes a page without scripts.
 */
export const GET = route("artifact:read", async ({ request, context, params, url }) => {
  const destination = request.headers.get("sec-fetch-dest");
  if (destination && destination !== "iframe") throw new AppError("forbidden", "This is shown inside a page of Reeve only.", { reason: "not_framed" });
  const visualization = await execute(spendVisualization, context, { secret: params.ticket });
  if (visualization.type !== "html" && visualization.type !== "markdown") throw new AppError("bad_request", "This is no page.");
  const bytes = await readVisualization(context, visualization);
  const theme = url.searchParams.get("theme") === "dark" ? "dark" : "light";
  const body = visualization.type === "html" ? new Uint8Array(bytes) : await markdownDocument(bytes.toString("utf8"), theme);
  return new Response(body, { headers: { "content-type": "text/html; charset=utf-8", "cache-control": "private, no-store" } });
});
