import { mayScrape, metricsText } from "@/lib/jobs/metrics";

/** Prometheus' scrape, with a token of its own. Without REEVE_METRICS_TOKEN there is no such page. */
export async function GET(request: Request): Promise<Response> {
  const allowed = mayScrape(request.headers.get("authorization"));
  if (allowed === undefined) return new Response(null, { status: 404 });
  if (!allowed) return new Response(null, { status: 401, headers: { "www-authenticate": 'Bearer realm="reeve metrics"' } });
  return new Response(await metricsText(), { headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8", "cache-control": "no-store" } });
}

export const dynamic = "force-dynamic";
